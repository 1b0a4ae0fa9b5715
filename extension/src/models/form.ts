import type { ModelVersion } from '../api/model';

export type FeatureField = ModelVersion['features'][number];

/** What was typed, by feature; an empty text is a missing value. */
export type Typed = Readonly<Record<string, string>>;

/** The type of the input that takes a feature's values. */
export const INPUTS: Readonly<Record<FeatureField['type'], string>> = {
  integer: 'number',
  number: 'number',
  boolean: 'select',
  text: 'text',
  date: 'date',
  timestamp: 'datetime-local'
};

/** The words for a feature's type. */
export const TYPES: Readonly<Record<FeatureField['type'], string>> = {
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  text: 'text',
  date: 'date',
  timestamp: 'date and time'
};

/** The form as it is at first: the row that the model was registered with. */
export function typedOf(model: ModelVersion): Typed {
  return Object.fromEntries(model.features.map(({ name, type }) => [name, written(model.input_example[name], type)]));
}

function written(value: unknown, type: FeatureField['type']): string {
  if (value === null || value === undefined) {
    return '';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'date') {
    return text.slice(0, 10);
  }
  return type === 'timestamp' ? text.replace(' ', 'T').replace(/(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/, '') : text;
}

/** The row that the form says, each value in the feature's type. */
export function rowOf(model: ModelVersion, typed: Typed): Record<string, unknown> {
  return Object.fromEntries(model.features.map(({ name, type }) => [name, read(typed[name] ?? '', type)]));
}

function read(text: string, type: FeatureField['type']): unknown {
  if (text === '') {
    return null;
  }
  if (type === 'boolean') {
    return text === 'true';
  }
  const isNumber = type === 'integer' || type === 'number';
  // What a double cannot hold exactly goes as text, as the server writes it too.
  return isNumber && !(type === 'integer' && !Number.isSafeInteger(Number(text))) ? Number(text) : text;
}
