import { excerpt } from '../domain/excerpt.js';

/** What is wrong with an alert, and where. Thrown inside the parser, one alert at a time; it never leaves it. */
export class Refusal extends Error {
  constructor(
    /** `labels.severity`; within the alert. */
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
    this.name = 'Refusal';
  }
}

const MAX_SHOWN = 40;

const shorten = (text: string): string => excerpt(text, MAX_SHOWN);

/** What a value is, for people: `an object`, `nothing`, `"pending"`. */
export const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(typeof value === 'string' ? shorten(value) : value);
  return typeof value === 'string' ? text : `the ${typeof value} ${text}`;
};

/** A field of a map, for people: `labels.severity`, `labels["a b"]`. */
export const fieldOf = (map: string, name: string): string => {
  const shown = shorten(name);
  return /^\w{1,40}$/.test(shown) ? `${map}.${shown}` : `${map}[${JSON.stringify(shown)}]`;
};
