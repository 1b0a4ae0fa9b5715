import { type CellRenderer, type DataGrid, TextRenderer } from '@lumino/datagrid';
import type { ColumnProfile } from '../api/model';
import { cell, isNumeric } from '../words/numbers';

/** Sizes of the grid, in pixels. */
export const ROW_HEIGHT = 24;
export const NUMBERS_WIDTH = 72;
const NARROWEST = 128;
const WIDEST = 240;
const LETTER = 7;

/** The width that a column begins with: room for its name and its usual values. */
export function widthOf(column: ColumnProfile): number {
  const texts = [column.name, ...(column.top_values ?? []).slice(0, 3).map(([value]) => value), cell(column.max_value ?? '')];
  // Binary fractions have up to 17 figures, of which a few are enough to tell rows apart.
  const letters = Math.max(...texts.map(text => Math.min(text.length, /^(double|float|real)/i.test(column.data_type) ? 12 : 99)));
  return Math.max(NARROWEST, Math.min(WIDEST, 24 + letters * LETTER));
}

/** A value as the text of its cell: nulls as a sign, blanks at the ends as dots. */
export function textOf(value: unknown, column: ColumnProfile | undefined, isRaw: boolean): string {
  if (value === undefined) {
    return '';
  }
  if (value === null) {
    return '∅';
  }
  const text = isRaw && (typeof value === 'string' || typeof value === 'number') ? `${value}` : cell(value, column?.data_type, column?.name);
  const shown = text.replace(/\r\n|\r|\n/g, '↵').replace(/\t/g, '⇥');
  return typeof value === 'string' ? shown.replace(/^ +| +$/g, blanks => '·'.repeat(blanks.length)) : shown;
}

const read = (name: string): string => getComputedStyle(document.body).getPropertyValue(name).trim();

/** The grid's colours, as the theme has them now. */
export function styleOf(): DataGrid.Style {
  return {
    voidColor: read('--jp-layout-color1'),
    backgroundColor: read('--jp-layout-color1'),
    gridLineColor: read('--jp-border-color2'),
    headerBackgroundColor: read('--jp-layout-color2'),
    headerGridLineColor: read('--jp-border-color1'),
    selectionFillColor: 'transparent',
    selectionBorderColor: read('--jp-brand-color1'),
    cursorFillColor: 'transparent',
    cursorBorderColor: read('--jp-brand-color1'),
    headerSelectionFillColor: 'transparent',
    headerSelectionBorderColor: read('--jp-border-color2'),
    scrollShadow: { size: 0, color1: 'transparent', color2: 'transparent', color3: 'transparent' }
  };
}

/** Draws the cells: numbers to the right, nulls quiet. */
export function renderersOf(columns: readonly ColumnProfile[], isRaw: boolean): { body: CellRenderer; 'row-header': CellRenderer } {
  const font = `${read('--jp-ui-font-size1')} ${read('--jp-ui-font-family')}`;
  const plain = read('--jp-ui-font-color1');
  const quiet = read('--jp-ui-font-color2');
  const body = new TextRenderer({
    font,
    textColor: ({ value }) => (value === null ? quiet : plain),
    horizontalAlignment: ({ column }) => (isNumeric(columns[column]?.data_type ?? '') ? 'right' : 'left'),
    backgroundColor: '',
    elideDirection: 'right',
    format: ({ value, column }) => textOf(value, columns[column], isRaw)
  });
  const numbers = new TextRenderer({
    font,
    textColor: quiet,
    horizontalAlignment: 'right',
    backgroundColor: '',
    format: ({ value }) => cell(value)
  });
  return { body, 'row-header': numbers };
}
