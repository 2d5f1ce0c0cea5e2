import { liveAlert, payloadOf } from './payloads.js';

/** 500 alerts a second, as Alertmanager sends them: some at a time. */
export const WEBHOOKS_PER_SECOND = 50;
export const PER_WEBHOOK = 10;

/** One alert in so many; all others repeat what fires, shown or not. */
const NEW_EVERY = 500;
const JOIN_EVERY = 50;
/** An instance that joined ends this many joins later. */
const JOINED_FOR = 50;

/** A bad day: everything fires on and on, instances join and end, now and then something new. */
export class BadDay {
  private sent = 0;
  private joined = 0;

  /** @param known how many of the alerts `liveAlert(0)`, `liveAlert(1)`, … fire */
  constructor(
    private readonly shown: number,
    private known: number,
  ) {}

  /** Alerts that nobody has seen before, each with a thread of its own. */
  fresh(count: number): string {
    return payloadOf(Array.from({ length: count }, () => liveAlert(this.known++)));
  }

  webhook(): string {
    return payloadOf(Array.from({ length: PER_WEBHOOK }, () => this.next()));
  }

  private next(): object {
    this.sent += 1;
    if (this.sent % NEW_EVERY === 0) return liveAlert(this.known++);
    if (this.sent % JOIN_EVERY === 1) return this.second(this.joined++);
    if (this.sent % JOIN_EVERY === 26 && this.joined > JOINED_FOR) return this.over(this.joined - JOINED_FOR);
    return liveAlert((this.sent * 7) % this.known);
  }

  /** Another instance of an alert that is shown. */
  private second(nth: number): object {
    const alert = liveAlert((nth * 7) % this.shown) as { labels: object };
    return {
      ...alert,
      labels: { ...alert.labels, instance: `host${String(nth)}.example.com` },
      fingerprint: `5ec0${nth.toString(16).padStart(12, '0')}`,
    };
  }

  private over(nth: number): object {
    return { ...this.second(nth), status: 'resolved', endsAt: new Date().toISOString() };
  }
}
