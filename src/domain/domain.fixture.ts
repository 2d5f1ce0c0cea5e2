import type { Alert } from './alert.js';
import type { Rules, Transition, TransitionContext, TransitionReason } from './events.js';
import type { Actor } from './incident.js';
import { emptyRecord, type IncidentThread, type ThreadRecord } from './record.js';
import type { Member, Rolls } from './roll.js';
import { transition } from './transition.js';
import type { IncidentEvent } from './events.js';

export const T0 = Date.parse('2024-01-15T14:30:25Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const CHANNEL = 'C0123456789';

export const RULES: Rules = {
  environment: 'production',
  reopenWindowMs: 30 * MINUTE,
  repeatReplies: 'unacked',
  repeatIntervalMs: 4 * HOUR,
};

export const ANNA: Actor = { kind: 'slack', id: 'U0ANNA' };
export const BEN: Actor = { kind: 'slack', id: 'U0BEN' };

export const alertOf = (name: string, change: Partial<Alert> = {}): Alert => ({
  fingerprint: name,
  status: 'firing',
  labels: { alertname: 'DiskFull', severity: 'warning', instance: name },
  annotations: { summary: 'Disk is full' },
  startsAt: T0,
  endsAt: null,
  ...change,
});

export const severe = (name: string, severity: string, change: Partial<Alert> = {}): Alert =>
  alertOf(name, { labels: { alertname: 'DiskFull', severity, instance: name }, ...change });

export const ended = (name: string, endsAt: number, change: Partial<Alert> = {}): Alert =>
  alertOf(name, { status: 'resolved', endsAt, ...change });

/** Rolls in memory. */
export class MapRolls implements Rolls {
  readonly members = new Map<string, Member>();

  get(incidentId: string, id: string): Member | undefined {
    return this.members.get(`${incidentId} ${id}`);
  }

  set(incidentId: string, id: string, member: Member | null): void {
    if (member === null) this.members.delete(`${incidentId} ${id}`);
    else this.members.set(`${incidentId} ${id}`, member);
  }

  discard(): void {
    throw new Error('no change of these tests fails');
  }
}

/** A record and what happens to it, told step by step: each step is at a time, and gives a reason. */
export class Story {
  record: ThreadRecord = emptyRecord('DiskFull|warning|unknown|default|production', CHANNEL);
  reasons: TransitionReason[] = [];
  readonly rolls = new MapRolls();
  private ids = 0;

  constructor(private readonly rules: Partial<Rules> = {}) {}

  /** @param after milliseconds since T0 */
  happens(after: number, event: IncidentEvent): Transition {
    const context: TransitionContext = {
      now: T0 + after,
      rules: { ...RULES, ...this.rules },
      newIncidentId: () => `INC-20240115143025-0000000${String(++this.ids)}`,
      rolls: this.rolls,
    };
    const result = transition(this.record, event, context);
    this.record = result.next;
    this.reasons.push(result.reason);
    return result;
  }

  alert(after: number, alert: Alert, truncated = 0): this {
    this.happens(after, { type: 'alert', alert, truncated });
    return this;
  }

  acts(after: number, type: 'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen', actor: Actor): this {
    this.happens(after, { type, actor, incidentId: this.thread.incident.id });
    return this;
  }

  /** Changes the record by something else than a transition. */
  change(change: (record: ThreadRecord) => ThreadRecord): this {
    this.record = change(this.record);
    return this;
  }

  get thread(): IncidentThread {
    if (this.record.current === null) throw new Error('no current incident');
    return this.record.current;
  }

  /** The timeline, as `kind` or `kind!` for loud ones, `kind!*` when sent to the channel too. */
  get told(): string[] {
    return this.thread.timeline.entries.map(
      ({ kind, loud, broadcast }) => `${kind}${loud ? '!' : ''}${broadcast ? '*' : ''}`,
    );
  }
}
