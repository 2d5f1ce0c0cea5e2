/** Why an attempt to deliver ended. */
export type DeliveryEnd =
  | 'acknowledged'
  /** Nothing came back in time. */
  | 'timeout'
  /** Its connection ended first. */
  | 'connection-closed'
  /** There was no connection to send it over. */
  | 'no-connection';

export interface Acknowledgement {
  readonly envelopeId: string;
  /** Milliseconds since 1970, by the simulator's clock. */
  readonly at: number;
  /** As it came; `{}` and undefined both mean nothing. */
  readonly payload: unknown;
}

/** One attempt of Slack's to deliver an envelope. */
export interface Attempt {
  /** One, or one for each copy that a `duplicate` fault sent under an id of its own. */
  readonly envelopeIds: string[];
  /** 0 for the first; `retry_attempt` in the envelope. */
  readonly retry: number;
  /** Milliseconds since 1970, by the simulator's clock. */
  readonly at: number;
  /** Numbers of the connections it went over; empty when a ghost swallowed it, or when there was none. */
  readonly connections: number[];
  readonly acknowledgements: Acknowledgement[];
  /** Undefined while it is open. An acknowledgement that comes later is written down and changes nothing. */
  end?: DeliveryEnd;
  /** From sending to its end, in ms of the real clock. */
  afterMs?: number;
}

/** A line of the log of envelopes: what was to be delivered, and how that went. */
export interface Envelope {
  /** The first `envelope_id`; a retry has one of its own, in `attempts`. */
  readonly id: string;
  /** `interactive`, `events_api`, `slash_commands`, or whatever a test made up. */
  readonly type: string;
  readonly payload: unknown;
  readonly attempts: Attempt[];
  /** When it was first handed to a connection; undefined as long as there was none. */
  deliveredAt?: number;
  /** When the first acknowledgement in time came. */
  acknowledgedAt?: number;
  /** `pending` also while an event waits for its next retry. */
  state: 'pending' | 'acknowledged' | 'unacknowledged';
}

/** What Slack knows when it stops waiting for the first attempt: for a click, what the person gets to see. */
export interface Outcome {
  readonly acknowledged: boolean;
  readonly reason: DeliveryEnd;
  /** In ms of the real clock. */
  readonly afterMs: number;
  /** The acknowledgement's payload. */
  readonly payload: unknown;
  readonly envelopeId: string;
  readonly envelope: Envelope;
  /** What Slack could not do with the payload: then the person reads that something went wrong. */
  readonly problem?: string;
}

export interface Delivery {
  readonly envelope: Envelope;
  /** Resolves with the end of the first attempt; retries go on behind it. */
  readonly ended: Promise<Outcome>;
}
