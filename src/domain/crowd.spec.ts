import fc from 'fast-check';
import { alertOf, ANNA, CHANNEL, HOUR, MapRolls, MINUTE, RULES, severe, T0 } from './domain.fixture.js';
import type { Alert } from './alert.js';
import type { AlertEvent, Rules, TransitionContext } from './events.js';
import { firingCount, resolvedCount, type Incident } from './incident.js';
import { emptyRecord, threadsOf, type IncidentThread, type ThreadRecord } from './record.js';
import { memberId, NO_ROLLS } from './roll.js';
import { rootFacts } from './root-facts.js';
import { waiting } from './timeline.js';
import { applyAlerts, timePasses, transition } from './transition.js';

const MOST = 256 * 1024;

const node = (n: number, change: Partial<Alert> = {}): Alert =>
  alertOf(`node-${n}`, { fingerprint: n.toString(16).padStart(16, '0'), ...change });
const nodes = (from: number, to: number, change: Partial<Alert> = {}): Alert[] =>
  Array.from({ length: to - from }, (_, i) => node(from + i, change));
const over = (from: number, to: number): Alert[] => nodes(from, to, { status: 'resolved', endsAt: T0 + HOUR });

/** Webhooks about one record. */
class Network {
  record: ThreadRecord = emptyRecord('TargetDown|warning|unknown|default|production', CHANNEL);
  readonly rolls = new MapRolls();
  private ids = 0;

  constructor(private readonly rules: Partial<Rules> = {}) {}

  private context(after: number): TransitionContext {
    const id = String(++this.ids).padStart(8, '0');
    return {
      now: T0 + after,
      rules: { ...RULES, ...this.rules },
      newIncidentId: () => `INC-20240115143025-${id}`,
      rolls: this.rolls,
    };
  }

  /** @returns how often each reason was given */
  webhook(after: number, alerts: readonly Alert[], change: Partial<AlertEvent> = {}): Record<string, number> {
    const events = alerts.map((alert): AlertEvent => ({ type: 'alert', alert, truncated: 0, ...change }));
    const { next, results } = applyAlerts(this.record, events, this.context(after));
    this.record = next;
    const counts: Record<string, number> = {};
    for (const { reason } of results) counts[reason] = (counts[reason] ?? 0) + 1;
    return counts;
  }

  resolvedBy(after: number): void {
    const event = { type: 'resolve', incidentId: this.incident.id, actor: ANNA } as const;
    this.record = transition(this.record, event, this.context(after)).next;
  }

  get thread(): IncidentThread {
    if (this.record.current === null) throw new Error('no current incident');
    return this.record.current;
  }

  get incident(): Incident {
    return this.thread.incident;
  }

  get bytes(): number {
    return Buffer.byteLength(JSON.stringify(this.record));
  }

  counts(): { firing: number; resolved: number } {
    return { firing: firingCount(this.incident), resolved: resolvedCount(this.incident) };
  }
}

describe('an incident of ten thousand alerts', () => {
  it('holds at most 200 in full, counts all, and tells of them in one line', () => {
    const network = new Network();
    expect(network.webhook(0, nodes(0, 10_000))).toEqual({ opened: 1, joined: 9_999 });
    expect(network.incident.alerts).toHaveLength(200);
    expect(network.counts()).toEqual({ firing: 10_000, resolved: 0 });
    expect(network.bytes).toBeLessThan(MOST);
    const joined = waiting(network.thread.timeline, 0).filter(({ kind }) => kind === 'joined');
    expect(joined.reduce((sum, { count }) => sum + count, 0)).toBe(9_999);
    const facts = rootFacts(network.thread);
    expect(facts).toMatchObject({ firing: 10_000, resolved: 0 });
    expect(facts.instances.length + facts.moreInstances).toBe(10_000);
  });

  it('changes nothing with a repeat of all of them', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 10_000));
    const before = network.record;
    expect(network.webhook(30_000, nodes(0, 10_000))).toEqual({ repeat: 10_000 });
    expect(network.record).toBe(before);
  });

  it('follows each of them to its end, whatever the order', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 1_000));
    expect(network.webhook(HOUR, over(500, 1_000))).toEqual({ 'alert-resolved': 500 });
    expect(network.counts()).toEqual({ firing: 500, resolved: 500 });
    expect(network.webhook(HOUR, over(500, 1_000))).toEqual({ 'already-resolved': 500 });
    expect(network.webhook(HOUR, over(0, 499))).toEqual({ 'alert-resolved': 499 });
    expect(network.incident.status).toBe('firing');
    expect(network.webhook(HOUR, over(499, 500))).toEqual({ resolved: 1 });
    expect(network.incident).toMatchObject({ status: 'resolved' });
    expect(network.counts()).toEqual({ firing: 0, resolved: 1_000 });
  });

  it('names one that ended though it was not held in full', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 300));
    const member = nodes(0, 300).find(
      ({ fingerprint }) => !network.incident.alerts.some((a) => a.fingerprint === fingerprint),
    );
    network.webhook(HOUR, [{ ...(member as Alert), status: 'resolved', endsAt: T0 + HOUR }]);
    expect(network.thread.timeline.entries.at(-1)).toMatchObject({
      kind: 'alert-resolved',
      names: [member?.labels['instance']],
    });
  });

  it('opens again when one of them fires again, and not for a late duplicate', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 500));
    network.webhook(HOUR, over(0, 500));
    expect(Object.keys(network.webhook(HOUR + MINUTE, nodes(450, 460)))).toEqual(['parked']);
    expect(network.incident.status).toBe('resolved');
    expect(network.webhook(HOUR + 5 * MINUTE, nodes(450, 451, { startsAt: T0 + HOUR + 4 * MINUTE }))).toEqual({
      reopened: 1,
    });
    expect(network.incident.status).toBe('firing');
    expect(network.counts()).toEqual({ firing: 1, resolved: 499 });
  });

  it('stays closed for those that fired when a person closed it', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 500));
    network.resolvedBy(MINUTE);
    expect(network.webhook(10 * MINUTE, nodes(0, 500))).toEqual({ 'closed-by-person': 500 });
    expect(network.webhook(11 * MINUTE, nodes(500, 501))).toEqual({ reopened: 1 });
  });

  it('takes a worse one in full, as the one that gives the card its words', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 500));
    const worse = severe('core-1', 'critical', {
      fingerprint: 'ffffffffffffffff',
      annotations: { summary: 'The core is down' },
    });
    network.webhook(MINUTE, [worse]);
    expect(network.incident).toMatchObject({ severity: 'critical', lead: 'ffffffffffffffff' });
    expect(rootFacts(network.thread).title).toBe('The core is down');
    expect(network.counts().firing).toBe(501);
    network.webhook(HOUR, [{ ...worse, status: 'resolved', endsAt: T0 + HOUR }]);
    expect(network.incident.severity).toBe('warning');
  });

  it('knows the severity of those that it counts, and takes one in full again when the others have ended', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 400));
    const held = new Set(network.incident.alerts.map(({ fingerprint }) => fingerprint));
    const ends = nodes(0, 400).filter(({ fingerprint }) => held.has(fingerprint));
    network.webhook(
      HOUR,
      ends.map((alert) => ({ ...alert, status: 'resolved' as const, endsAt: T0 + HOUR })),
    );
    expect(network.incident).toMatchObject({ status: 'firing', severity: 'warning' });
    expect(network.counts()).toEqual({ firing: 200, resolved: 200 });
    network.webhook(
      HOUR + MINUTE,
      nodes(0, 400)
        .filter(({ fingerprint }) => !held.has(fingerprint))
        .slice(0, 5),
    );
    expect(network.incident.alerts.filter(({ status }) => status === 'firing')).toHaveLength(5);
    expect(rootFacts(network.thread).instances).toHaveLength(5);
    expect(network.counts()).toEqual({ firing: 200, resolved: 200 });
  });

  it('brings one that an earlier version stored whole within its bounds with the next webhook', () => {
    const network = new Network();
    network.webhook(0, nodes(0, 1));
    const { incident } = network.thread;
    const alerts = nodes(0, 3_000).map((alert) => ({ ...alert, lastSeenAt: T0 }));
    network.record = { ...network.record, current: { ...network.thread, incident: { ...incident, alerts } } };
    network.webhook(5 * MINUTE, nodes(0, 3_000));
    expect(network.incident.alerts).toHaveLength(200);
    expect(network.counts()).toEqual({ firing: 3_000, resolved: 0 });
    expect(network.webhook(HOUR, over(0, 3_000))).toEqual({ 'alert-resolved': 2_999, resolved: 1 });
  });
});

describe('a record', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 50 }),
    fc
      .constantFrom('x', '불이야', '\u0000', '"', '\ud83d\ude00')
      .chain((text) => fc.integer({ min: 0, max: 8_000 }).map((times) => text.repeat(times).slice(0, 8_000))),
  );
  const alerts = fc.record({
    n: fc.integer({ min: 0, max: 400 }),
    status: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const),
    severity: fc.constantFrom('warning', 'critical', 'P1'),
    label: texts,
    annotation: texts,
    startsAt: fc.integer({ min: 0, max: 4 * HOUR }),
  });
  const webhooks = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: 3 * HOUR }),
      alerts: fc.oneof(fc.array(alerts, { maxLength: 20 }), fc.array(alerts, { minLength: 300, maxLength: 600 })),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('takes less than 256 kB and has exact counts, whatever is sent', () => {
    fc.assert(
      fc.property(webhooks, (sent) => {
        const network = new Network({ reopenWindowMs: 0 });
        let now = 0;
        for (const { after, alerts: some } of sent) {
          now += after;
          network.webhook(
            now,
            some.map(({ n, status, severity, label, annotation, startsAt }) =>
              node(n, {
                status,
                labels: { alertname: 'TargetDown', severity, instance: `node-${n}`, label },
                annotations: { summary: annotation, description: annotation },
                startsAt: T0 + startsAt,
                endsAt: status === 'resolved' ? T0 + now : null,
              }),
            ),
          );
          network.record = timePasses(network.record, T0 + now);
          expect(network.bytes).toBeLessThan(MOST);
          for (const { incident } of threadsOf(network.record))
            expectExact(incident, network.rolls, incident === network.record.current?.incident);
        }
      }),
      { numRuns: Number(process.env['LONG'] ?? 0) > 0 ? 500 : 15, endOnFailure: true },
    );
  });

  /** No alert is a row and held in full as well, and the figures are those of the rows. */
  const expectExact = (incident: Incident, rolls: MapRolls, isCurrent: boolean): void => {
    const held = new Set(incident.alerts.map(({ fingerprint }) => memberId(fingerprint)));
    expect(held.size).toBe(incident.alerts.length);
    expect(incident.alerts.some(({ fingerprint }) => fingerprint === incident.lead)).toBe(true);
    if (!isCurrent) return;
    const rows = [...rolls.members].filter(([id]) => id.startsWith(`${incident.id} `));
    expect(rows.filter(([id]) => held.has(id.split(' ')[1] ?? ''))).toEqual([]);
    const number = (status: string): number => rows.filter(([, member]) => member.status === status).length;
    expect([incident.crowd?.firing ?? 0, incident.crowd?.resolved ?? 0]).toEqual([
      number('firing'),
      number('resolved'),
    ]);
    const bySeverity = (incident.crowd?.severities ?? []).reduce((sum, [, count]) => sum + count, 0);
    expect(bySeverity).toBe(incident.crowd?.firing ?? 0);
  };
});

describe('a change without a roll', () => {
  it('can set no row', () => {
    expect(NO_ROLLS.get('INC-1', 'a')).toBeUndefined();
    expect(() => {
      NO_ROLLS.set('INC-1', 'a', null);
    }).toThrow('this change has no roll');
  });
});
