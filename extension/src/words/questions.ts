/** Whether what was typed is a question to ask and not the name of something to find. */
export function isQuestion(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return text.trim().endsWith('?') || words.length >= 3 || /^(how|what|which|who|where|when|top|show|count|sum|average)$/i.test(words[0] ?? '') && words.length >= 2;
}

/** Whether a name holds every typed word, in any case and order. */
export function matches(name: string, typed: string): boolean {
  const lower = name.normalize('NFC').toLowerCase();
  return typed.normalize('NFC').toLowerCase().split(/\s+/).every(word => lower.includes(word));
}
