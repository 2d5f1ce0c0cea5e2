import type { Call } from '../calls/call.js';
import type { Envelope } from '../sockets/envelope.js';

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
    | { kind: 'error'; code: string; /** What Slack adds for a refused payload. */ hints?: readonly string[] }
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

/** Faults that meet single WebSockets, when they are opened. */
export type ConnectionFault = { /** How many connections it meets. Default 1. */ times?: number } & (
  | { kind: 'refuse-upgrade'; /** HTTP, for instance 500 or 408. */ status: number }
  | { kind: 'no-hello' }
  | { kind: 'late-hello'; delayMs: number }
);

/** Faults that meet single envelopes; each attempt to deliver one counts. */
export type EnvelopeFault = {
  /** How many it meets. Default 1. */
  times?: number;
  /** Default: every type. */
  type?: string;
  match?: (envelope: Envelope) => boolean;
} & (
  | {
      kind: 'duplicate';
      /** Beside the first. Default 1. */ copies?: number;
      /** Default false: the same envelope_id. */ newIds?: boolean;
    }
  /** On its way for `delayMs`; the time to acknowledge it runs all the while. */
  | { kind: 'slow-delivery'; delayMs: number }
);

/** Faults that hold for a time: until they are removed, cleared, or `forMs` is over. */
export type StandingFault = { /** Default: until removed. */ forMs?: number } & (
  | { kind: 'refused' }
  /** Messages younger than this are in neither history nor replies. */
  | { kind: 'history-lag'; seconds: number; channel?: string }
  /** The bot is thrown out. With `mayJoin` (default false) conversations.join brings it back in and ends this. */
  | { kind: 'not-member'; channel: string; mayJoin?: boolean }
  /** The sockets answer no ping and send nothing; what should have been sent is lost. */
  | { kind: 'silent' }
  /** The server never ends a TCP connection, neither by itself nor after a close frame, which it answers (default) or not. */
  | { kind: 'keeps-tcp'; closeFrame?: 'answered' | 'unanswered' }
  /** Connections of processes that are gone: num_connections counts them, and with `swallow` (default false) they get envelopes. */
  | { kind: 'ghosts'; count: number; swallow?: boolean }
);

export type Fault = CallFault | ConnectionFault | EnvelopeFault | StandingFault;

const STANDING_KINDS: readonly Fault['kind'][] = [
  'refused',
  'history-lag',
  'not-member',
  'silent',
  'keeps-tcp',
  'ghosts',
];
const CONNECTION_KINDS: readonly Fault['kind'][] = ['refuse-upgrade', 'no-hello', 'late-hello'];
const ENVELOPE_KINDS: readonly Fault['kind'][] = ['duplicate', 'slow-delivery'];

export function isStanding(fault: Fault): fault is StandingFault {
  return STANDING_KINDS.includes(fault.kind);
}

export function meetsConnections(fault: Fault): fault is ConnectionFault {
  return CONNECTION_KINDS.includes(fault.kind);
}

export function meetsEnvelopes(fault: Fault): fault is EnvelopeFault {
  return ENVELOPE_KINDS.includes(fault.kind);
}

export function meetsCalls(fault: Fault): fault is CallFault {
  return !isStanding(fault) && !meetsConnections(fault) && !meetsEnvelopes(fault);
}
