import { Expose, Transform } from 'class-transformer';
import { ownValue } from '../domain/own-value.js';

const variables = new WeakMap<object, Map<string, string>>();

/** The environment variable that a property of the settings class is read from. */
export const variableOf = (settings: object, property: string): string =>
  variables.get(Object.getPrototypeOf(settings) as object)?.get(property) ?? property;

/**
 * Reads the property from an environment variable. Without the variable it keeps its default.
 * @param parse makes the value of the variable's text; whatever it can't read is left to the property's validators
 */
export const FromVariable =
  (variable: string, parse: (text: string) => unknown = (text) => text): PropertyDecorator =>
  (prototype, property) => {
    const known = variables.get(prototype) ?? new Map<string, string>();
    known.set(String(property), variable);
    variables.set(prototype, known);
    Expose({ name: variable })(prototype, property);
    Transform(({ obj, value }) => {
      const text = ownValue(obj as Record<string, unknown>, variable);
      return typeof text === 'string' ? parse(text) : (value as unknown);
    })(prototype, property);
  };
