import { BasicKeyHandler, BasicMouseHandler, BasicSelectionModel, DataGrid } from '@lumino/datagrid';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { ColumnProfile } from '../api/model';
import { NUMBERS_WIDTH, renderersOf, ROW_HEIGHT, styleOf, widthOf } from './look';
import type { RowsModel } from './model';

/** What of the grid is in view. */
export interface View {
  x: number;
  width: number;
}

/** The keys of the Lab's own grid, and Home and End as spreadsheets have them. */
class Keys extends BasicKeyHandler {
  override onKeyDown(grid: DataGrid, event: KeyboardEvent): void {
    const selection = grid.selectionModel;
    if ((event.key !== 'Home' && event.key !== 'End') || !selection || !grid.dataModel) {
      super.onKeyDown(grid, event);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const last = { row: grid.rowCount('body') - 1, column: grid.columnCount('body') - 1 };
    const isEnd = event.key === 'End';
    const row = event.ctrlKey || event.metaKey ? (isEnd ? last.row : 0) : Math.max(0, selection.cursorRow);
    const column = isEnd ? last.column : 0;
    selection.select({ r1: row, c1: column, r2: row, c2: column, cursorRow: row, cursorColumn: column, clear: 'all' });
    grid.scrollToCursor();
  }
}

/** The grid on its canvas; it says what is in view, asks its model for it, and follows the theme. */
export class RowsGrid extends DataGrid {
  readonly moved = new Signal<this, View>(this);
  private frame = 0;
  private readonly theme = new MutationObserver(() => this.dress());
  private readonly size = new ResizeObserver(() => MessageLoop.sendMessage(this, Widget.ResizeMessage.UnknownSize));

  constructor(
    readonly rows: RowsModel,
    private heads: readonly ColumnProfile[],
    private readonly isRaw: boolean,
    label: string
  ) {
    super({
      headerVisibility: 'row',
      defaultSizes: { rowHeight: ROW_HEIGHT, columnWidth: 128, rowHeaderWidth: NUMBERS_WIDTH, columnHeaderHeight: ROW_HEIGHT },
      copyConfig: { separator: '\t', headers: 'none', format: DataGrid.copyFormatGeneric, warningThreshold: 1e6 }
    });
    this.dataModel = rows;
    this.selectionModel = new BasicSelectionModel({ dataModel: rows, selectionMode: 'cell' });
    this.keyHandler = new Keys();
    this.mouseHandler = new BasicMouseHandler();
    this.viewport.node.tabIndex = 0;
    this.viewport.node.setAttribute('role', 'application');
    this.viewport.node.setAttribute('aria-label', label);
    this.dress();
  }

  /** Shows these columns, of which the first are those that it shows already. */
  widen(heads: readonly ColumnProfile[]): void {
    const before = this.columnCount('body');
    this.heads = heads;
    this.rows.widen(heads.length);
    heads.slice(before).forEach((head, index) => this.resizeColumn('body', before + index, widthOf(head)));
    this.dress();
  }

  /** Puts the grid into an element of the page, whose size it takes. */
  attachTo(host: HTMLElement): void {
    Widget.attach(this, host);
    this.size.observe(host);
    this.theme.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light'] });
  }

  override dispose(): void {
    cancelAnimationFrame(this.frame);
    this.theme.disconnect();
    this.size.disconnect();
    this.rows.dispose();
    if (this.isAttached && !this.node.isConnected) {
      // The page took the element away before: there is nothing left to detach from.
      MessageLoop.sendMessage(this, Widget.Msg.BeforeDetach);
      MessageLoop.sendMessage(this, Widget.Msg.AfterDetach);
    }
    super.dispose();
  }

  protected override paintContent(rx: number, ry: number, rw: number, rh: number): void {
    super.paintContent(rx, ry, rw, rh);
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.look();
    });
  }

  private dress(): void {
    this.style = styleOf();
    this.cellRenderers.update(renderersOf(this.heads, this.isRaw));
  }

  private look(): void {
    if (this.isDisposed) {
      return;
    }
    const at = (offset: number, last: number, found: number): number => (found < 0 ? (offset > 0 ? last : 0) : found);
    const [rows, columns] = [this.rowCount('body'), this.columnCount('body')];
    const top = at(0, rows, this.rowAt('body', this.scrollY));
    const bottom = at(1, rows, this.rowAt('body', this.scrollY + this.pageHeight)) + 1;
    const left = at(0, columns, this.columnAt('body', this.scrollX));
    const right = at(1, columns, this.columnAt('body', this.scrollX + this.pageWidth)) + 1;
    // A row more is asked for than there are: a filter may have left none, and that is only known by asking.
    this.rows.see({ top, bottom: Math.max(1, Math.min(bottom, Math.max(rows, 1))), left, right: Math.max(1, Math.min(right, columns)) });
    this.moved.emit({ x: this.scrollX, width: this.pageWidth });
  }
}
