/** Timetables that people ask for, by their words. */
export const TIMETABLES: ReadonlyMap<string, string> = new Map([
  ['Every day at 06:00', '0 6 * * *'],
  ['Every hour', '0 * * * *'],
  ['Every weekday at 08:00', '0 8 * * 1-5'],
  ['Every Monday at 06:00', '0 6 * * 1'],
  ['On the first of the month at 06:00', '0 6 1 * *']
]);

/** The cron expression of words from the list, or what was typed itself. */
export const cronOf = (text: string): string => TIMETABLES.get(text) ?? text.trim();

/** A cron expression in words where it is one of the list. */
export const wordsOf = (cron: string): string => {
  for (const [words, expression] of TIMETABLES) {
    if (expression === cron) {
      return words;
    }
  }
  return cron;
};
