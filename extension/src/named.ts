import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

export interface Named {
  dataset: string;
  name: string;
  layer: string;
}

/** The table that a command is about: its arguments', else the row that was right-clicked or has the focus. */
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
  const row = app.contextMenuHitTest(isRow) ?? (focused ? (document.activeElement as HTMLElement) : undefined);
  const { lbDataset, lbName, lbLayer } = row?.dataset ?? {};
  return lbDataset ? { dataset: lbDataset, name: lbName ?? lbDataset, layer: lbLayer ?? 'bronze' } : undefined;
}
