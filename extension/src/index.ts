import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ask } from './plugins/ask';
import { cells } from './plugins/cells';
import { dataset } from './plugins/dataset';
import { files } from './plugins/files';
import { launcher } from './plugins/launcher';
import { models } from './plugins/models';
import { notifications } from './plugins/notifications';
import { palette } from './plugins/palette';
import { panel } from './plugins/panel';
import { session } from './plugins/session';
import { status } from './plugins/status';
import { viewer } from './plugins/viewer';

/** One plugin a feature; each can be disabled alone. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  session,
  panel,
  dataset,
  ask,
  models,
  cells,
  files,
  launcher,
  palette,
  notifications,
  status,
  viewer
];

export default plugins;
