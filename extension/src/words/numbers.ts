const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** 541909 -> "541,909" */
export const count = (value: number): string => whole.format(value);

/** 541909 -> "542k", 4372 -> "4.4k", 12 -> "12" */
export function short(value: number): string {
  for (const [size, letter] of [[1e9, 'b'], [1e6, 'm'], [1e3, 'k']] as const) {
    // What would be rounded to 1000 of a unit is 1 of the next.
    if (value >= size * 0.9995 && value >= 1e3) {
      const scaled = value / size;
      return `${scaled >= 99.95 ? Math.round(scaled) : Number(scaled.toPrecision(scaled >= 10 ? 3 : 2))}${letter}`;
    }
  }
  return String(value);
}

/** A quality score of 0 to 1 as UI text: .83, 1.0 */
export function score(value: number): string {
  const rounded = Math.floor(value * 100 + 1e-9) / 100;
  return rounded >= 1 ? '1.0' : rounded.toFixed(2).replace(/^0/, '');
}

/** Good, fair or poor: never told by colour alone. */
export function grade(value: number): 'good' | 'fair' | 'poor' {
  return value >= 0.9 ? 'good' : value >= 0.7 ? 'fair' : 'poor';
}

export function bytes(value: number): string {
  for (const [size, unit] of [[1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']] as const) {
    if (value >= size * 0.9995 && value >= 1e3) {
      return `${Number((value / size).toPrecision(3))} ${unit}`;
    }
  }
  return `${value} B`;
}

/** A share of 0 to 100: 0, <0.1 %, 4.2 %, 100 % */
export function percent(value: number): string {
  if (value > 0 && value < 0.1) {
    return '<0.1 %';
  }
  return `${Number((value < 100 ? Math.min(value, 99.9) : value).toFixed(1))} %`;
}

/** "1 row", "2 rows" */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const NUMERIC = /^(tinyint|smallint|integer|int|bigint|hugeint|u?int\d+|utinyint|usmallint|uinteger|ubigint|float|double|real|decimal|numeric|number)(\b|\()/i;

export const isNumeric = (type: string): boolean => NUMERIC.test(type);

/** Columns whose numbers are names, not amounts: years, ids, codes. */
export const isLabel = (column: string): boolean =>
  /(^|[_\s.-])(id|year|jahr|année|annee|año|anno|jaar|no|nr|number|code|zip|postcode|phone|invoice|ticket|account|sku|key|ref)$/i.test(column) || /[a-z](ID|Id|Year|No|Code|Number)$/.test(column);

/** Groups the digits of a number written as text, keeping every decimal: "9747747.934" -> "9,747,747.934" */
export function groupDigits(text: string): string {
  const parts = /^([+-]?)(\d+)(\.\d+)?$/.exec(text);
  return parts ? `${parts[1]}${(parts[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${parts[3] ?? ''}` : text;
}

/** One value of a table as text; null is the caller's to show. */
export function cell(value: unknown, type = '', column = ''): string {
  if (typeof value === 'number') {
    if (isLabel(column)) {
      return String(value);
    }
    return Number.isInteger(value) ? count(value) : groupDigits(String(value));
  }
  if (typeof value === 'string') {
    if (/^timestamp/i.test(type)) {
      return value.replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ');
    }
    return isNumeric(type) && !isLabel(column) ? groupDigits(value) : value;
  }
  if (typeof value === 'object' && value !== null) {
    return JSON.stringify(value);
  }
  return String(value);
}

/** A statistic such as a mean: six figures are enough. */
export const figure = (value: unknown): string => {
  if (typeof value === 'number') {
    return figures.format(value);
  }
  return typeof value === 'string' ? groupDigits(value) : String(value);
};
