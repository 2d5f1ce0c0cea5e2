import type { JsonObject } from '../json.js';

/** One Web API call, from its arrival on; tests and match functions of faults look at it. */
export interface Call {
  /** Milliseconds since 1970, by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  readonly channel?: string;
  /** Structured arguments are parsed. The token is left out. */
  readonly args: JsonObject;
  /** Arguments that the coverage table does not know: a typing error of the caller, or a gap of the simulator. */
  readonly unknownArguments: readonly string[];
  /**
   * `pending` until something is decided, then `ok`, a Slack error code, or what was done to the connection:
   * `http_500`, `reset`, `hang`, `html`, `broken_body`, `stalled_body`, `late`, `closed`.
   */
  outcome: string;
  /** Set when the workspace changed, even where the caller never learnt it: the message's ts. */
  ts?: string;
  /** The kind of the fault that was in the way, if one was. */
  fault?: string;
}
