import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

export interface Named {
  dataset: string;
  name: string;
  layer: string;
}

/** The table that a command is about: its arguments', else the row that has the focus or was right-clicked. */
export function named(app: JupyterFrontEnd, args: ReadonlyPartialJSONObject): Named | undefined {
  if (typeof args['dataset'] === 'string') {
    const { dataset, name, layer } = args;
    return {
      dataset,
      name: typeof name === 'string' ? name : dataset,
      layer: typeof layer === 'string' ? layer : 'bronze'
    };
  }
  const isRow = (node: HTMLElement): boolean => node.dataset['lbDataset'] !== undefined;
  const focused = document.activeElement instanceof HTMLElement && isRow(document.activeElement);
  // The Lab remembers the last right-click for ever; a menu that is open has the focus itself, so the focus comes first.
  const row = focused ? (document.activeElement as HTMLElement) : app.contextMenuHitTest(isRow);
  const { lbDataset, lbName, lbLayer } = row?.dataset ?? {};
  return lbDataset ? { dataset: lbDataset, name: lbName ?? lbDataset, layer: lbLayer ?? 'bronze' } : undefined;
}
