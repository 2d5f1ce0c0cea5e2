import { alertOf, CHANNEL, HOUR, MapRolls, MINUTE, RULES, T0 } from './domain.fixture.js';
import type { Alert } from './alert.js';
import type { AlertEvent, FoldedProblem } from './events.js';
import { explodingLabels, foldTitle } from './fold.js';
import { firingCount, resolvedCount, type Incident } from './incident.js';
import { matchersOf } from './matcher.js';
import { emptyRecord, type ThreadRecord } from './record.js';
import { rootFacts } from './root-facts.js';
import { applyAlerts } from './transition.js';

const hex = (n: number): string => n.toString(16).padStart(16, '0');
const request = (n: number, change: Partial<Alert> = {}): Alert => ({
  ...alertOf(`web-${n % 3}`, { fingerprint: hex(n), ...change }),
  labels: { alertname: 'RequestSlow', severity: 'warning', service: 'shop', request_id: `r${n}` },
});
const problem = (n: number): FoldedProblem => ({
  id: hex(1_000_000 + n),
  alertname: 'RequestSlow',
  values: [
    ['request_id', `r${n}`],
    ['service', 'shop'],
  ],
});

class Flood {
  record: ThreadRecord = emptyRecord('RequestSlow|folded|production', CHANNEL);
  private readonly rolls = new MapRolls();

  sends(after: number, from: number, to: number, change: Partial<Alert> = {}): this {
    const events: AlertEvent[] = [];
    for (let n = from; n < to; n++) events.push({ type: 'alert', alert: request(n, change), problem: problem(n) });
    const newIncidentId = (): string => 'INC-20240115143025-00000001';
    const context = { now: T0 + after, rules: RULES, newIncidentId, rolls: this.rolls };
    this.record = applyAlerts(this.record, events, context).next;
    return this;
  }

  get incident(): Incident {
    if (this.record.current === null) throw new Error('no incident');
    return this.record.current.incident;
  }
}

describe('a fold', () => {
  it('counts problems once, holds a few alerts as examples, and stays small', () => {
    const flood = new Flood().sends(0, 0, 5_000).sends(MINUTE, 2_000, 7_000);
    expect(flood.incident.fold?.problems).toBe(7_000);
    expect(firingCount(flood.incident)).toBe(7_000);
    expect(flood.incident.alerts).toHaveLength(20);
    expect(JSON.stringify(flood.record).length).toBeLessThan(16_000);
  });

  it('replies to nothing but its beginning and its end', () => {
    const flood = new Flood().sends(0, 0, 500).sends(MINUTE, 500, 900);
    flood.sends(HOUR, 0, 899, { status: 'resolved', endsAt: T0 + HOUR });
    expect(flood.incident.status).toBe('firing');
    flood.sends(HOUR, 899, 900, { status: 'resolved', endsAt: T0 + HOUR });
    expect(flood.incident.status).toBe('resolved');
    expect(resolvedCount(flood.incident)).toBe(900);
    expect(flood.record.current?.timeline.entries.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });

  it('says on its card how many there are, and which label has too many values', () => {
    const flood = new Flood().sends(0, 0, 1_243);
    const facts = rootFacts(flood.record.current as NonNullable<ThreadRecord['current']>);
    expect(facts).toMatchObject({
      title: '1,243 problems of RequestSlow, folded: too many different values of `request_id`',
      firing: 1_243,
      instances: [],
      moreInstances: 0,
      service: 'shop',
      cluster: '',
    });
    expect(facts.description).toContain('request_id: r0, r1, r2, …');
    expect(facts.description).toContain('Take `request_id` out of the alerting rule, or out of THREAD_KEY_LABELS.');
  });

  it('is silenced by what its problems share: their name', () => {
    const { incident } = new Flood().sends(0, 0, 50);
    expect(matchersOf(incident, ['alertname', 'request_id'])).toEqual([
      { name: 'alertname', value: 'RequestSlow', isRegex: false, isEqual: true },
    ]);
    const various = { alerts: incident.alerts, fold: { alertname: '' } };
    expect(matchersOf(various, ['alertname', 'request_id'])).toEqual([]);
  });

  it.each([
    ['all labels with many values', { a: 20, b: 20, c: 1 }, ['a', 'b'], 'too many different values of `a`, `b`'],
    ['the label with most values where none has many', { a: 2, b: 7 }, ['b'], 'too many different values of `b`'],
    ['no label where nothing differs', { a: 1 }, [], 'too many incidents are open'],
  ])('names %s', (_, numbers, labels, why) => {
    const values = Object.entries(numbers).map(
      ([label, number]) => [label, Array.from({ length: number }, (_v, i) => `v${i}`)] as const,
    );
    const fold = { alertname: '', problems: 1, values };
    expect(explodingLabels(fold)).toEqual(labels);
    expect(foldTitle(fold)).toBe(`1 problem, folded: ${why}`);
  });
});
