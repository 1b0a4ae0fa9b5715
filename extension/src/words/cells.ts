/** Words that DuckDB keeps for itself: a table may be called so, but only in quotes. */
const RESERVED = new Set(
  (
    'all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check collate ' +
    'collation column columns concurrently constraint create cross default deferrable desc describe distinct do else end ' +
    'except false fetch for foreign freeze from full generated glob group having ilike in initially inner intersect into is ' +
    'isnull join lambda lateral leading left like limit map natural not notnull null offset on only or order outer overlaps ' +
    'pivot pivot_longer pivot_wider placing positional primary qualify references returning right select semi show similar ' +
    'some struct summarize symmetric table tablesample then to trailing true try_cast tuple union unique unpack unpivot using ' +
    'variadic verbose when where window with'
  ).split(' ')
);

/** A name as an SQL identifier, quoted only where it must be. */
export const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replace(/"/g, '""')}"`;

/** The cell that holds a statement. */
export const sqlCell = (sql: string): string => `%%sql\n${sql.trim()}`;

/** The cell that looks at a table. */
export const openCell = (layer: string, name: string): string =>
  sqlCell(`SELECT *\nFROM ${layer === 'bronze' ? '' : `${identifier(layer)}.`}${identifier(name)}\nLIMIT 50`);

/** An argument of a magic: quoted where it holds more than a word. */
export const argument = (text: string): string =>
  /^[\w.@/-]+$/.test(text) ? text : `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;

/** The cell that trains a model. */
export const trainCell = (dataset: string, target: string): string =>
  `%train ${argument(dataset)} --target ${argument(target)}`;

/** Whether a notebook's cells make the magics known by themselves. */
export const loadsMagics = (sources: readonly string[]): boolean =>
  sources.some(source => /^\s*%(load_ext|reload_ext)\s+lakebook\b/m.test(source));
