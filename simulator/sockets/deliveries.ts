import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Acknowledgement, Attempt, Delivery, DeliveryEnd, Envelope, Outcome } from './envelope.js';

/** Where an envelope can go: over a connection, or to a ghost that swallows it (a route without a `send`). */
export interface Route {
  connection?: number;
  send?: (text: string) => void;
}

export interface DeliveryRules {
  acknowledgeWithinMs: number;
  retryDelaysMs: readonly number[];
  now: () => number;
  /** One of the routes that are open now, picked anew for every copy. */
  route: () => Route | undefined;
  /** What the fault that this envelope meets does to it. */
  spoil: (envelope: Envelope) => { copies: number; newIds: boolean; delayMs: number };
  changed: () => void;
}

interface Open {
  envelope: Envelope;
  attempt: Attempt;
  /** Of the real clock. */
  since: number;
  timer: NodeJS.Timeout;
  ended: (outcome: Outcome) => void;
}

/** A demo may run for days; no test comes near. */
const MAX_ENVELOPES = 100_000;

/** Delivers envelopes at least once, as Slack does: events are sent again, what people do is not. */
export class Deliveries {
  readonly envelopes: Envelope[] = [];
  private readonly byId = new Map<string, Open>();
  private readonly open = new Set<Open>();
  private readonly waits = new Set<NodeJS.Timeout>();

  constructor(private readonly rules: DeliveryRules) {}

  /** `extra`: further fields of the envelope, beside type, id and payload. */
  send(type: string, payload: unknown, extra: JsonObject = {}): Delivery {
    const envelope: Envelope = { id: randomUUID(), type, payload, attempts: [], state: 'pending' };
    this.envelopes.push(envelope);
    if (this.envelopes.length > MAX_ENVELOPES) this.forget(this.envelopes.shift());
    const ended = new Promise<Outcome>((resolve) => {
      this.attempt(envelope, extra, 0, resolve);
    });
    return { envelope, ended };
  }

  /** False when it answers no envelope that was sent. */
  acknowledge(frame: unknown): boolean {
    if (!isJsonObject(frame) || typeof frame.envelope_id !== 'string') return false;
    const open = this.byId.get(frame.envelope_id);
    if (!open) return false;
    const acknowledgement = { envelopeId: frame.envelope_id, at: this.rules.now(), payload: frame.payload };
    open.attempt.acknowledgements.push(acknowledgement);
    if (open.attempt.end === undefined) this.end(open, 'acknowledged', acknowledgement);
    else this.rules.changed();
    return true;
  }

  connectionClosed(connection: number): void {
    for (const open of [...this.open]) {
      const { connections } = open.attempt;
      if (connections.length > 0 && connections.every((other) => other === connection))
        this.end(open, 'connection-closed');
    }
  }

  close(): void {
    for (const { timer } of this.open) clearTimeout(timer);
    for (const wait of this.waits) clearTimeout(wait);
  }

  private attempt(envelope: Envelope, extra: JsonObject, retry: number, ended: Open['ended']): void {
    const { acknowledgeWithinMs, now, route, spoil } = this.rules;
    const first = route();
    const attempt: Attempt = {
      envelopeIds: [retry === 0 ? envelope.id : randomUUID()],
      retry,
      at: now(),
      connections: [],
      acknowledgements: [],
    };
    envelope.attempts.push(attempt);
    const open: Open = {
      envelope,
      attempt,
      since: performance.now(),
      timer: setTimeout(() => {
        this.end(open, 'timeout');
      }, acknowledgeWithinMs),
      ended: (outcome) => {
        ended(outcome);
        this.afterwards(outcome, extra, retry);
      },
    };
    open.timer.unref();
    this.open.add(open);
    if (!first) {
      this.end(open, 'no-connection');
      return;
    }
    envelope.deliveredAt ??= attempt.at;
    const { copies, newIds, delayMs } = spoil(envelope);
    const isEvent = envelope.type === 'events_api';
    const routes = [first, ...Array.from({ length: copies }, () => route() ?? first)];
    for (const [copy, { connection, send }] of routes.entries()) {
      const id = copy === 0 || !newIds ? (attempt.envelopeIds[0] ?? envelope.id) : randomUUID();
      if (!attempt.envelopeIds.includes(id)) attempt.envelopeIds.push(id);
      this.byId.set(id, open);
      if (connection !== undefined) attempt.connections.push(connection);
      const text = JSON.stringify({
        envelope_id: id,
        type: envelope.type,
        accepts_response_payload: false,
        ...(isEvent && { retry_attempt: retry, retry_reason: retry === 0 ? '' : 'timeout' }),
        ...extra,
        payload: envelope.payload,
      });
      if (delayMs === 0) send?.(text);
      else if (send)
        this.later(delayMs, () => {
          send(text);
        });
    }
    this.rules.changed();
  }

  private end(open: Open, end: DeliveryEnd, acknowledgement?: Acknowledgement): void {
    const { envelope, attempt } = open;
    clearTimeout(open.timer);
    this.open.delete(open);
    attempt.end = end;
    attempt.afterMs = performance.now() - open.since;
    if (acknowledgement) {
      envelope.acknowledgedAt ??= acknowledgement.at;
      envelope.state = 'acknowledged';
    }
    open.ended({
      acknowledged: end === 'acknowledged',
      reason: end,
      afterMs: attempt.afterMs,
      payload: acknowledgement?.payload,
      envelopeId: acknowledgement?.envelopeId ?? attempt.envelopeIds[0] ?? envelope.id,
      envelope,
    });
    this.rules.changed();
  }

  /** Only events are sent again. */
  private afterwards({ acknowledged, envelope }: Outcome, extra: JsonObject, retry: number): void {
    if (acknowledged) return;
    const delay = envelope.type === 'events_api' ? this.rules.retryDelaysMs[retry] : undefined;
    if (delay === undefined) envelope.state = 'unacknowledged';
    else
      this.later(delay, () => {
        this.attempt(envelope, extra, retry + 1, () => undefined);
      });
  }

  private later(ms: number, run: () => void): void {
    const wait = setTimeout(() => {
      this.waits.delete(wait);
      run();
    }, ms);
    wait.unref();
    this.waits.add(wait);
  }

  private forget(envelope: Envelope | undefined): void {
    for (const id of envelope?.attempts.flatMap(({ envelopeIds }) => envelopeIds) ?? []) this.byId.delete(id);
  }
}
