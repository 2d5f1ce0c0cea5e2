import type { Call } from '../calls/call.js';

interface FaultScope {
  /** Default: every method. */
  method?: string | RegExp;
  /** Default: every channel, and calls without one. */
  channel?: string;
  match?: (call: Call) => boolean;
  /** How many calls it meets. Default 1; Infinity until it is removed. */
  times?: number;
}

/** Faults that meet single calls. `accept` says whether the call takes effect all the same. */
export type CallFault = FaultScope &
  (
    | { kind: 'rate-limit'; /** Seconds, default 1; null leaves the header out. */ retryAfter?: number | null }
    | { kind: 'http'; status: number; /** Default false. */ accept?: boolean }
    | { kind: 'error'; code: string }
    /** The connection is reset before the call took effect. */
    | { kind: 'reset-before' }
    /** The connection is reset after the call took effect. */
    | { kind: 'reset-after' }
    /** The caller gets nothing (or a reset, at once), and the call takes effect `delayMs` later. */
    | { kind: 'late-accept'; delayMs: number; /** Default 'none'. */ answer?: 'none' | 'reset' }
    /** Never answered, no effect. */
    | { kind: 'hang' }
    /** Answered `delayMs` late; the effect comes before the wait (default) or after it. */
    | { kind: 'slow'; delayMs: number; accept?: 'before' | 'after' }
    /** HTTP 200 with a page, as from a proxy; default without effect. */
    | { kind: 'html'; accept?: boolean }
    /** Half of the answer, then the connection is cut; default with effect. */
    | { kind: 'broken-body'; accept?: boolean }
    /** Headers, then nothing; default with effect. */
    | { kind: 'stalled-body'; accept?: boolean }
  );

/** Faults that hold for a time: until they are removed, cleared, or `forMs` is over. */
export type StandingFault = { /** Default: until removed. */ forMs?: number } & (
  | { kind: 'refused' }
  /** Messages younger than this are in neither history nor replies. */
  | { kind: 'history-lag'; seconds: number; channel?: string }
  /** The bot is thrown out. With `mayJoin` (default false) conversations.join brings it back in and ends this. */
  | { kind: 'not-member'; channel: string; mayJoin?: boolean }
);

export type Fault = CallFault | StandingFault;

export const STANDING_KINDS: readonly Fault['kind'][] = ['refused', 'history-lag', 'not-member'];

export function isStanding(fault: Fault): fault is StandingFault {
  return STANDING_KINDS.includes(fault.kind);
}
