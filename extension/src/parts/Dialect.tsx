import type { ReactElement } from 'react';

const MARKS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'blank', ':': 'colon', '"': 'double quote', "'": 'single quote' };

const mark = (value: unknown): string => (typeof value === 'string' ? (MARKS[value] ?? value) : '');

/** How a text is cut into fields, as name and value; what is as usual is left out. */
export function dialectWords(dialect: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  const { format, delimiter, quote, escape, encoding, header, decimal, skipped_lines: skipped } = dialect;
  const isText = typeof delimiter === 'string';
  const all: [string, string][] = [
    ['fields parted by', isText ? mark(delimiter) : ''],
    ['quoted by', isText && quote !== '"' ? mark(quote) || 'nothing' : ''],
    ['escaped by', isText ? mark(escape) : ''],
    ['encoding', typeof encoding === 'string' ? encoding.toUpperCase() : ''],
    ['header', isText ? (header === false ? 'none' : 'first line') : ''],
    ['decimals after', mark(decimal)],
    ['lines skipped', typeof skipped === 'number' && skipped > 0 ? String(skipped) : '']
  ];
  return format === 'parquet' ? [] : all.filter(([, value]) => value !== '');
}

/** How the file was read: what separates, what encodes, what was passed over. */
export function Dialect({ dialect }: { dialect: Readonly<Record<string, unknown>> }): ReactElement | null {
  const words = dialectWords(dialect);
  if (words.length === 0) {
    return null;
  }
  return (
    <dl className="lb-dialect" aria-label="How the file is read">
      {words.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
