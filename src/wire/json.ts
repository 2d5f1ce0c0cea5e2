/** Parts of JSON that somebody else wrote: whatever is missing, or of another kind, reads as nothing. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Empty where there is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const textsOf = (value: unknown): readonly string[] =>
  itemsOf(value).filter((item): item is string => typeof item === 'string');

/** A property for a string that may be missing. */
export const optionalText = <Name extends string>(name: Name, value: unknown): { [name in Name]?: string } =>
  typeof value === 'string' ? ({ [name]: value } as { [name in Name]?: string }) : {};
