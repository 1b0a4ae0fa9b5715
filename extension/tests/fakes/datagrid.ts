/** The Lab's grid without its canvas: what it is told, where it stands, what it would draw. */
import { Signal } from '@lumino/signaling';
import { Widget } from './lab.ts';

type Args = Record<string, unknown>;
type Renderer = { options: Record<string, (cell: { value: unknown; column: number }) => unknown> };

export class DataModel {
  readonly changed = new Signal<this, Args>(this);

  protected emitChanged(args: Args): void {
    this.changed.emit(args);
  }
}

export class TextRenderer implements Renderer {
  readonly options: Renderer['options'];

  constructor(options: Renderer['options']) {
    this.options = options;
  }
}

export class BasicSelectionModel {
  readonly changed = new Signal<this, void>(this);
  cursorRow = -1;
  cursorColumn = -1;
  selected: Args | undefined;

  select(args: { cursorRow: number; cursorColumn: number }): void {
    this.selected = args;
    this.cursorRow = args.cursorRow;
    this.cursorColumn = args.cursorColumn;
    this.changed.emit();
  }
}

export class BasicKeyHandler {
  readonly keys: string[] = [];

  onKeyDown(_grid: unknown, event: { key: string }): void {
    this.keys.push(event.key);
  }
}

export class BasicMouseHandler {
  readonly isMouse = true;
}

interface Model {
  rowCount: (region: string) => number;
  columnCount: (region: string) => number;
}

/** A grid of rows 24 high and columns as wide as they were made. */
export class DataGrid extends Widget {
  static copyFormatGeneric = (): string => '';
  dataModel: Model | null = null;
  selectionModel: BasicSelectionModel | null = null;
  keyHandler: BasicKeyHandler | null = null;
  mouseHandler: unknown = null;
  style: Args = {};
  scrollX = 0;
  scrollY = 0;
  pageWidth = 500;
  pageHeight = 240;
  cursorShown = 0;
  isAttached = false;
  readonly viewport = new Widget();
  readonly widths = new Map<number, number>();
  readonly cellRenderers = {
    kept: {} as Record<string, Renderer>,
    update: (kept: Record<string, Renderer>): void => {
      this.cellRenderers.kept = kept;
    }
  };

  resizeColumn(_region: string, column: number, width: number): void {
    this.widths.set(column, width);
  }

  rowCount(region: string): number {
    return this.dataModel?.rowCount(region) ?? 0;
  }

  columnCount(region: string): number {
    return this.dataModel?.columnCount(region) ?? 0;
  }

  rowAt(_region: string, offset: number): number {
    const row = Math.floor(offset / 24);
    return row < this.rowCount('body') ? row : -1;
  }

  columnAt(_region: string, offset: number): number {
    const column = Math.floor(offset / 100);
    return column < this.columnCount('body') ? column : -1;
  }

  scrollTo(x: number, y: number): void {
    this.scrollX = x;
    this.scrollY = y;
    this.paintContent(0, 0, 1, 1);
  }

  scrollToColumn(column: number): void {
    this.scrollTo(column * 100, this.scrollY);
  }

  scrollToCursor(): void {
    this.cursorShown += 1;
  }

  protected paintContent(...area: [x: number, y: number, width: number, height: number]): void {
    this.updates += area.length;
  }
}
