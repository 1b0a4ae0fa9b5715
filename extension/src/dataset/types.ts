/** A database type in the words of the page's head, and the sign that stands for it. */
export function kindOf(type: string): { sign: string; word: string } {
  const lower = type.toLowerCase();
  if (lower.startsWith('decimal') || lower.startsWith('numeric')) {
    return { sign: '¤', word: lower };
  }
  if (/^u?(tiny|small|big|huge)?int(eger)?\d*\b/.test(lower)) {
    return { sign: '#', word: 'integer' };
  }
  if (/^(double|float|real)/.test(lower)) {
    return { sign: '.0', word: 'number' };
  }
  if (/^(date|time)/.test(lower)) {
    return { sign: '◷', word: lower };
  }
  if (lower.startsWith('bool')) {
    return { sign: '?', word: 'yes or no' };
  }
  if (/^(varchar|text|string|utf8|large_string)/.test(lower)) {
    return { sign: 'T', word: 'text' };
  }
  return { sign: '{}', word: lower };
}
