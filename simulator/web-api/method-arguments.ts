import { isJsonObject, parseJson, type JsonObject } from '../json.js';
import { SlackError } from './answer.js';
import { coverageOf, type MethodName } from './coverage.js';

/**
 * A method's arguments: strings from a form, or JSON values. Only what the coverage table lists as `used`
 * can be read, so the table cannot fall behind the code.
 */
export class MethodArguments {
  /** What was looked at so far. */
  readonly reads = new Set<string>();
  private readonly used: ReadonlySet<string>;

  constructor(
    private readonly method: MethodName,
    private readonly values: JsonObject,
  ) {
    const { used, required = [] } = coverageOf(method);
    this.used = new Set(used);
    const missing = required.filter((name) => this.isMissing(name));
    if (missing.length > 0) {
      throw new SlackError(
        'invalid_arguments',
        missing.map((name) => `missing required field: ${name}`),
      );
    }
  }

  text(name: string): string | undefined {
    const value = this.read(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new SlackError('invalid_arguments', [`must be a string: ${name}`]);
  }

  /** For an argument in the coverage table's `required`. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new SlackError('invalid_arguments', [`missing required field: ${name}`]);
    return value;
  }

  flag(name: string): boolean {
    const value = this.text(name);
    return value === 'true' || value === '1';
  }

  /** Slack answers `invalid_limit` to a number out of range. */
  limit(name: string, fallback: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > max) throw new SlackError('invalid_limit');
    return number;
  }

  /**
   * An array or object: JSON text in a form, a value in a JSON body. Undefined when it was not given;
   * `unreadable` is the error's code when it is neither.
   */
  structure(name: string, unreadable: string): unknown {
    const value = this.read(name);
    if (value === undefined || value === null || value === '') return undefined;
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    if (!Array.isArray(parsed) && !isJsonObject(parsed)) throw new SlackError(unreadable);
    return parsed;
  }

  private read(name: string): unknown {
    if (!this.used.has(name)) {
      throw new Error(`${this.method} reads the argument ${name}, which the coverage table does not list as used`);
    }
    this.reads.add(name);
    return this.values[name];
  }

  private isMissing(name: string): boolean {
    const value = this.values[name];
    return value === undefined || value === null || value === '';
  }
}
