/** What Slack sends over the socket: a click, a form, an event. */
export interface Envelope {
  /** `envelope_id`; a repeat may have the same or a new one. */
  readonly id: string;
  /** `interactive`, `events_api`, `slash_commands`, or what Slack invents next. */
  readonly type: string;
  /** Slack's `payload`, unchecked. */
  readonly payload: unknown;
  /** 0 for the first delivery. */
  readonly retry: number;
  /** Epoch milliseconds at which it came. */
  readonly receivedAt: number;
  /** The handler's result reaches nobody: it took too long and was acknowledged already, or its connection is gone. */
  readonly isAcknowledged: () => boolean;
}

export const ENVELOPE_TYPES = ['interactive', 'events_api', 'slash_commands', 'other'] as const;
export type EnvelopeType = (typeof ENVELOPE_TYPES)[number];

/** What goes back with an acknowledgement: field errors of a modal, for instance. Undefined: nothing. */
export type EnvelopeAnswer = Readonly<Record<string, unknown>> | undefined;

/**
 * Handles an envelope. It is acknowledged with the result when the promise settles, or without one after
 * {@link ACKNOWLEDGE_WITHIN_MS}; a rejection is logged and acknowledged too.
 */
export type EnvelopeHandler = (envelope: Envelope) => Promise<EnvelopeAnswer>;

/** Slack shows the person a warning after 3 s. Milliseconds. */
export const ACKNOWLEDGE_WITHIN_MS = 2_000;

/** `off`: no SLACK_APP_TOKEN. `connecting`: never connected yet. `reconnecting`: there was a connection. */
export type SocketState = 'off' | 'connecting' | 'connected' | 'reconnecting' | 'stopped';

export interface SocketStatus {
  readonly state: SocketState;
  /** Since when it has been in this state, epoch milliseconds. */
  readonly since: number;
  /** Null: none yet. */
  readonly lastEnvelopeAt: number | null;
  /** Connections made after the first, planned refreshes included. */
  readonly reconnects: number;
  /** Sockets of this app that Slack counted at the last hello; null: unknown. */
  readonly connections: number | null;
  /** Why it is not connected: Slack's code (`invalid_auth`) or ours (`no_hello`, `http_500`, `ECONNREFUSED`). Null when it is. */
  readonly error: string | null;
}

/** Slack's Socket Mode: an outbound WebSocket that brings what people do. It knows no incident. */
export abstract class SlackSocket {
  /** One handler, set before the start. */
  abstract onEnvelope(handler: EnvelopeHandler): void;

  /** Called each time a socket is open after there was none, the first time included: events may have been missed. */
  abstract onGap(listener: () => void): void;

  abstract status(): SocketStatus;

  /** Envelopes that came since the start, repeats included. */
  abstract envelopes(): Readonly<Record<EnvelopeType, number>>;
}
