import { dropFinished } from './closed-episodes.js';
import { alertOf, ANNA, BEN, ended, HOUR, MINUTE, severe, Story, T0 } from './domain.fixture.js';
import { timePasses } from './transition.js';
import type { Alert } from './alert.js';
import { firingAlerts } from './incident.js';
import { isEmpty } from './record.js';
import { rootFacts } from './root-facts.js';

const last = (story: Story): string | undefined => story.reasons.at(-1);

/** The rules of docs/architecture.md, one by one: a story, the reason it ends with, and what the thread tells. */
interface Rule {
  readonly rule: string;
  readonly story: () => Story;
  readonly reason: string;
  readonly told?: string[];
  readonly status?: string;
  readonly check?: (story: Story) => void;
}

const rules: Rule[] = [
  {
    rule: 'an alert fires and no incident is open: a new incident',
    story: () => new Story().alert(0, alertOf('db01')),
    reason: 'opened',
    told: ['opened!'],
    status: 'firing',
  },
  {
    rule: 'the same again is a repeat, and writes nothing within a minute',
    story: () => new Story().alert(0, alertOf('db01')).alert(30_000, alertOf('db01')),
    reason: 'repeat',
    told: ['opened!'],
  },
  {
    rule: 'a repeat after a minute refreshes last-seen and wakes nobody',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .change((record) => ({ ...record, due: null }))
        .alert(5 * MINUTE, alertOf('db01')),
    reason: 'repeat',
    told: ['opened!'],
    check: (story) => {
      expect(story.thread.incident.alerts[0]?.lastSeenAt).toBe(T0 + 5 * MINUTE);
      expect(story.record.due).toBeNull();
    },
  },
  {
    rule: 'a repeat whose startsAt moved back (a second Prometheus reports) is the same episode',
    story: () => new Story().alert(0, alertOf('db01')).alert(1_000, alertOf('db01', { startsAt: T0 - 30_000 })),
    reason: 'repeat',
    told: ['opened!'],
    check: (story) => {
      expect(story.thread.incident.alerts[0]?.startsAt).toBe(T0 - 30_000);
    },
  },
  {
    rule: 'an unacknowledged repeat replies once per REPEAT_INTERVAL',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(4 * HOUR, alertOf('db01'))
        .alert(4 * HOUR + MINUTE, alertOf('db01'))
        .alert(8 * HOUR, alertOf('db01')),
    reason: 'repeat-told',
    told: ['opened!', 'repeated', 'repeated'],
  },
  {
    rule: 'an acknowledged repeat is silent',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(5 * HOUR, alertOf('db01')),
    reason: 'repeat',
    told: ['opened!', 'acknowledged'],
  },
  {
    rule: 'REPEAT_REPLIES=always tells acknowledged repeats too',
    story: () =>
      new Story({ repeatReplies: 'always' })
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(5 * HOUR, alertOf('db01')),
    reason: 'repeat-told',
  },
  {
    rule: 'REPEAT_REPLIES=never tells none',
    story: () => new Story({ repeatReplies: 'never' }).alert(0, alertOf('db01')).alert(9 * HOUR, alertOf('db01')),
    reason: 'repeat',
    told: ['opened!'],
  },
  {
    rule: 'the same fingerprint with a later startsAt is a new episode (its end was missed)',
    story: () => new Story().alert(0, alertOf('db01')).alert(HOUR, alertOf('db01', { startsAt: T0 + HOUR })),
    reason: 'refired',
    told: ['opened!', 'refired!'],
  },
  {
    rule: '… but not when it began before it was last seen: the Alertmanagers of a pair differ by some seconds',
    story: () =>
      new Story()
        .alert(20_000, alertOf('db01'))
        .alert(25_000, alertOf('db01', { startsAt: T0 + 15_000 }))
        .alert(10 * MINUTE, alertOf('db01'))
        .alert(10 * MINUTE + 5_000, alertOf('db01', { startsAt: T0 + 15_000 })),
    reason: 'repeat',
    told: ['opened!'],
    check: (story) => {
      expect(story.thread.incident.alerts[0]?.startsAt).toBe(T0);
    },
  },
  {
    rule: '… nor when the sender gives no start at all',
    story: () =>
      new Story()
        .alert(0, alertOf('db01', { startAssumed: true }))
        .alert(HOUR, alertOf('db01', { startsAt: T0 + HOUR, startAssumed: true })),
    reason: 'repeat',
    told: ['opened!'],
  },
  {
    rule: 'a new fingerprint joins, loud; an acknowledgement stays',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(2 * MINUTE, alertOf('db02')),
    reason: 'joined',
    told: ['opened!', 'acknowledged', 'joined!'],
    status: 'acknowledged',
  },
  {
    rule: 'a join of a critical incident that people may have left goes to the channel too',
    story: () =>
      new Story()
        .alert(0, severe('db01', 'critical'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(2 * MINUTE, severe('db02', 'critical')),
    reason: 'joined',
    told: ['opened!', 'acknowledged', 'joined!*'],
  },
  {
    rule: 'one of two resolves: quiet, the incident stays open',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(1, alertOf('db02'))
        .alert(MINUTE, ended('db01', T0 + MINUTE)),
    reason: 'alert-resolved',
    told: ['opened!', 'joined!', 'alert-resolved'],
    status: 'firing',
    check: (story) => {
      expect(story.thread.incident.lead).toBe('db02');
    },
  },
  {
    rule: 'the last one resolves: resolved by the source, loud',
    story: () => new Story().alert(0, alertOf('db01')).alert(MINUTE, ended('db01', T0 + MINUTE)),
    reason: 'resolved',
    told: ['opened!', 'resolved!'],
    status: 'resolved',
    check: (story) => {
      expect(story.thread.incident.resolved).toEqual({ by: null, at: T0 + MINUTE, endsAt: T0 + MINUTE });
    },
  },
  {
    rule: 'a resolve is believed by its status alone: an endsAt in the future changes nothing',
    story: () => new Story().alert(0, alertOf('db01')).alert(MINUTE, ended('db01', T0 + HOUR)),
    reason: 'resolved',
  },
  {
    rule: 'a resolve of an episode before the running one arrives late: ignored',
    story: () =>
      new Story()
        .alert(0, alertOf('db01', { startsAt: T0 }))
        .alert(MINUTE, ended('db01', T0 - MINUTE, { startsAt: T0 - HOUR })),
    reason: 'stale-resolve',
    status: 'firing',
  },
  {
    rule: 'the same resolve from the other Alertmanager of a pair: nothing more',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 500, ended('db01', T0 + MINUTE)),
    reason: 'already-resolved',
    told: ['opened!', 'resolved!'],
  },
  {
    rule: 'a late duplicate of "firing" after the resolve is parked',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 5_000, alertOf('db01')),
    reason: 'parked',
    told: ['opened!', 'resolved!'],
    status: 'resolved',
  },
  {
    rule: 'a parked one that fires once more stays parked until its time',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 5_000, alertOf('db01'))
        .alert(MINUTE + 10_000, alertOf('db01')),
    reason: 'still-parked',
    status: 'resolved',
  },
  {
    rule: 'a parked one that is resolved again never reopens',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 5_000, alertOf('db01'))
        .alert(MINUTE + 30_000, ended('db01', T0 + MINUTE))
        .change((record) => timePasses(record, T0 + HOUR)),
    reason: 'unparked',
    told: ['opened!', 'resolved!'],
    status: 'resolved',
  },
  {
    rule: 'a parked one that is not resolved again reopens after two minutes',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 5_000, alertOf('db01'))
        .change((record) => timePasses(record, T0 + 3 * MINUTE + 5_000)),
    reason: 'parked',
    told: ['opened!', 'resolved!', 'reopened!'],
    status: 'firing',
  },
  {
    rule: 'a parked alert of an incident that is still open fires again within it',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(1, alertOf('db02'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(MINUTE + 5_000, alertOf('db01'))
        .change((record) => timePasses(record, T0 + 4 * MINUTE)),
    reason: 'parked',
    told: ['opened!', 'joined!', 'alert-resolved', 'refired!'],
  },
  {
    rule: 'the same episode comes back later than two minutes after its end: reopened (the source had timed out)',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(10 * MINUTE, alertOf('db01')),
    reason: 'reopened',
    told: ['opened!', 'resolved!', 'reopened!'],
    status: 'firing',
  },
  {
    rule: 'a new episode within REOPEN_WINDOW reopens the same incident; a critical one tells the channel',
    story: () =>
      new Story()
        .alert(0, severe('db01', 'critical'))
        .alert(MINUTE, severe('db01', 'critical', { status: 'resolved', endsAt: T0 + MINUTE }))
        .alert(20 * MINUTE, severe('db01', 'critical', { startsAt: T0 + 20 * MINUTE })),
    reason: 'reopened',
    told: ['opened!', 'resolved!', 'reopened!*'],
    check: (story) => {
      expect(story.thread.incident.reopened).toBe(1);
      expect(story.record.earlier).toEqual([]);
    },
  },
  {
    rule: 'after REOPEN_WINDOW a new incident starts; the one before waits for its final state',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .alert(32 * MINUTE, alertOf('db01', { startsAt: T0 + 32 * MINUTE })),
    reason: 'opened',
    told: ['opened!'],
    check: (story) => {
      expect(story.record.earlier).toHaveLength(1);
      expect(story.record.closed['db01']).toEqual({ startsAt: T0, at: T0 + MINUTE, by: 'source' });
    },
  },
  {
    rule: 'a resolve of something that never fired here: ignored',
    story: () => new Story().alert(0, ended('db01', T0)),
    reason: 'unknown-resolve',
    check: (story) => {
      expect(story.record.current).toBeNull();
      expect(story.record.due).toBeNull();
    },
  },
  {
    rule: 'a resolve of what the source ended and went to the history: ignored',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .change((record) => dropFinished(record, 'INC-20240115143025-00000001'))
        .alert(HOUR, ended('db01', T0 + MINUTE)),
    reason: 'unknown-resolve',
  },
  {
    rule: '… and the same episode that fires again starts a new one',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .change((record) => dropFinished(record, 'INC-20240115143025-00000001'))
        .alert(HOUR, alertOf('db01')),
    reason: 'opened',
    status: 'firing',
  },
  {
    rule: 'a resolve of another alert of a known key: ignored',
    story: () => new Story().alert(0, alertOf('db01')).alert(1, ended('db09', T0)),
    reason: 'unknown-resolve',
    status: 'firing',
  },
  {
    rule: 'truncatedAlerts: the number is told, nothing is inferred from absence',
    story: () => new Story().alert(0, alertOf('db01'), 0).alert(5_000, alertOf('db01'), 7),
    reason: 'repeat',
    status: 'firing',
    check: (story) => {
      expect(story.thread.incident.truncated).toBe(7);
      expect(story.record.due).not.toBeNull();
    },
  },
  {
    rule: 'severity rises: loud, and the acknowledgement is cleared',
    story: () =>
      new Story()
        .alert(0, severe('db01', 'warning'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(2 * MINUTE, severe('db02', 'critical')),
    reason: 'joined',
    told: ['opened!', 'acknowledged', 'joined!', 'severity-rose!*'],
    status: 'firing',
    check: (story) => {
      expect(story.thread.incident).toMatchObject({ severity: 'critical', acknowledged: null, lead: 'db02' });
    },
  },
  {
    rule: 'severity falls: quiet, the acknowledgement stays',
    story: () =>
      new Story()
        .alert(0, severe('db01', 'critical'))
        .alert(1, severe('db02', 'warning'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .alert(2 * MINUTE, severe('db01', 'critical', { status: 'resolved', endsAt: T0 + 2 * MINUTE })),
    reason: 'alert-resolved',
    told: ['opened!', 'joined!', 'acknowledged', 'alert-resolved'],
    status: 'acknowledged',
    check: (story) => {
      expect(story.thread.incident.severity).toBe('warning');
    },
  },
  {
    rule: 'a person acknowledges',
    story: () => new Story().alert(0, alertOf('db01')).acts(MINUTE, 'acknowledge', ANNA),
    reason: 'acknowledged',
    told: ['opened!', 'acknowledged'],
    status: 'acknowledged',
  },
  {
    rule: 'a second acknowledgement by the same person is nothing',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .acts(2 * MINUTE, 'acknowledge', ANNA),
    reason: 'already-acknowledged',
    told: ['opened!', 'acknowledged'],
  },
  {
    rule: 'an acknowledgement by another is answered',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .acts(2 * MINUTE, 'acknowledge', BEN),
    reason: 'already-acknowledged-by-another',
    check: (story) => {
      expect(story.thread.incident.acknowledged?.by).toEqual(ANNA);
    },
  },
  {
    rule: 'an acknowledgement is given back',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'acknowledge', ANNA)
        .acts(2 * MINUTE, 'unacknowledge', ANNA),
    reason: 'unacknowledged',
    status: 'firing',
  },
  {
    rule: 'giving back what was not taken is refused',
    story: () => new Story().alert(0, alertOf('db01')).acts(MINUTE, 'unacknowledge', ANNA),
    reason: 'not-acknowledged',
  },
  {
    rule: 'an acknowledgement after the end is refused: the resolve wins',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .alert(MINUTE, ended('db01', T0 + MINUTE))
        .acts(2 * MINUTE, 'acknowledge', ANNA),
    reason: 'too-late',
    status: 'resolved',
  },
  {
    rule: 'a person resolves while alerts still fire: the reply says how many',
    story: () => new Story().alert(0, alertOf('db01')).alert(1, alertOf('db02')).acts(MINUTE, 'resolve', ANNA),
    reason: 'resolved-by-person',
    told: ['opened!', 'joined!', 'resolved!'],
    status: 'resolved',
    check: (story) => {
      expect(story.thread.timeline.entries.at(-1)).toMatchObject({ actor: ANNA, stillFiring: 2 });
    },
  },
  {
    rule: 'an episode that a person closed does not reopen it for REPEAT_INTERVAL',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .alert(3 * HOUR, alertOf('db01')),
    reason: 'closed-by-person',
    status: 'resolved',
  },
  {
    rule: '… not even after its incident went to the history',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .change((record) => dropFinished(record, 'INC-20240115143025-00000001'))
        .alert(3 * HOUR, alertOf('db01')),
    reason: 'closed-by-person',
    check: (story) => {
      expect(story.record.current).toBeNull();
    },
  },
  {
    rule: '… but after REPEAT_INTERVAL it starts a new one',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .alert(5 * HOUR, alertOf('db01')),
    reason: 'opened',
    status: 'firing',
  },
  {
    rule: '… and a new episode of it reopens within the window',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .alert(10 * MINUTE, alertOf('db01', { startsAt: T0 + 10 * MINUTE })),
    reason: 'reopened',
    status: 'firing',
  },
  {
    rule: "the source's resolve after a person's changes nothing in the thread",
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .alert(2 * MINUTE, ended('db01', T0 + 2 * MINUTE)),
    reason: 'resolved-after-close',
    told: ['opened!', 'resolved!'],
    check: (story) => {
      expect(firingAlerts(story.thread.incident)).toEqual([]);
    },
  },
  {
    rule: 'a person resolves twice: once',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .acts(2 * MINUTE, 'resolve', BEN),
    reason: 'already-resolved',
  },
  {
    rule: 'a person opens it again',
    story: () =>
      new Story()
        .alert(0, alertOf('db01'))
        .acts(MINUTE, 'resolve', ANNA)
        .acts(2 * MINUTE, 'reopen', BEN),
    reason: 'reopened-by-person',
    told: ['opened!', 'resolved!', 'reopened!'],
    status: 'firing',
  },
  {
    rule: 'opening what is open is refused',
    story: () => new Story().alert(0, alertOf('db01')).acts(MINUTE, 'reopen', BEN),
    reason: 'not-resolved',
  },
  {
    rule: 'a thread of the earlier version is adopted by the next alert, whatever REOPEN_WINDOW says',
    story: () =>
      new Story({ reopenWindowMs: 0 })
        .change((record) => ({ ...record, adopt: '1700000000.000100' }))
        .alert(0, alertOf('db01')),
    reason: 'adopted-thread',
    told: ['opened!'],
    check: (story) => {
      expect(story.thread.delivery).toMatchObject({ rootTs: '1700000000.000100', frozen: true, shownEntry: 0 });
      expect(story.record.adopt).toBeUndefined();
    },
  },
  {
    rule: '… and by its resolve, which is told there',
    story: () =>
      new Story().change((record) => ({ ...record, adopt: '1700000000.000100' })).alert(0, ended('db01', T0)),
    reason: 'adopted-thread',
    told: ['opened!', 'resolved!'],
    status: 'resolved',
  },
];

describe('transition', () => {
  it.each(rules)('$rule', ({ story, reason, told, status, check }) => {
    const happened = story();
    expect(last(happened)).toBe(reason);
    if (told !== undefined) expect(happened.told).toEqual(told);
    if (status !== undefined) expect(happened.thread.incident.status).toBe(status);
    check?.(happened);
  });

  it('changes nothing when it says so: the same object comes back', () => {
    const story = new Story().alert(0, alertOf('db01'));
    const before = story.record;
    story.alert(10_000, alertOf('db01')).alert(10_000, ended('db09', T0)).acts(20_000, 'unacknowledge', ANNA);
    expect(story.record).toBe(before);
  });

  it('refuses what is about another incident than the current one', () => {
    const story = new Story().alert(0, alertOf('db01'));
    story.happens(1, { type: 'acknowledge', incidentId: 'INC-20240101000000-ffffffff', actor: ANNA });
    expect(last(story)).toBe('not-current');
  });

  it('ends the same whichever of a pair of Alertmanagers is heard first, and however often', () => {
    const fire = alertOf('db01');
    const over = ended('db01', T0 + MINUTE);
    const orders = [
      [fire, fire, over, over],
      [fire, over, fire, over],
      [fire, over, over, fire, over],
    ];
    for (const order of orders) {
      const story = new Story();
      order.forEach((alert, i) => story.alert(MINUTE + i * 1_000, alert));
      story.change((record) => timePasses(record, T0 + HOUR));
      expect(story.told).toEqual(['opened!', 'resolved!']);
      expect(story.thread.incident.status).toBe('resolved');
    }
  });

  it('keeps the lead while it fires; then the next by name leads, and is the first instance that the card names', () => {
    const nodes = ['node-080', 'node-001', 'node-060', 'node-002'];
    // As in life, the order of fingerprints is not that of names.
    const about = (name: string, change: Partial<Alert> = {}): Alert => {
      const fingerprint = `${99 - Number(name.slice(-2))}`;
      return alertOf(name, { fingerprint, annotations: { summary: `${name} is down` }, ...change });
    };
    const story = new Story();
    for (const name of nodes) story.alert(0, about(name));
    const shown = (): string[] => {
      const { title, instances } = rootFacts(story.thread);
      return [title, ...instances];
    };
    expect(shown()).toEqual(['node-080 is down', 'node-080', 'node-001', 'node-002', 'node-060']);
    story.alert(2 * MINUTE, about('node-001', { status: 'resolved', endsAt: T0 + MINUTE }));
    expect(shown()).toEqual(['node-080 is down', 'node-080', 'node-002', 'node-060']);
    story.alert(3 * MINUTE, about('node-080', { status: 'resolved', endsAt: T0 + MINUTE }));
    expect(shown()).toEqual(['node-002 is down', 'node-002', 'node-060']);
  });

  it('forgets closed episodes after 24 h', () => {
    const story = new Story()
      .alert(0, alertOf('db01'))
      .acts(MINUTE, 'resolve', ANNA)
      .change((record) => dropFinished(record, 'INC-20240115143025-00000001'));
    expect(timePasses(story.record, T0 + 24 * HOUR).closed).toHaveProperty('db01');
    expect(timePasses(story.record, T0 + 24 * HOUR + MINUTE).closed).toEqual({});
  });

  it('remembers of incidents that went to the history what a person closed, not what the source ended', () => {
    const story = new Story()
      .alert(0, alertOf('db01'))
      .alert(0, alertOf('db02'))
      .alert(MINUTE, ended('db01', T0 + MINUTE))
      .acts(2 * MINUTE, 'resolve', ANNA)
      .change((record) => dropFinished(record, 'INC-20240115143025-00000001'));
    expect(story.record.closed).toEqual({ db02: { startsAt: T0, at: T0 + 2 * MINUTE, by: 'person' } });
    expect(isEmpty(story.record)).toBe(false);
  });

  it('remembers what the source ended until the last incident went to the history; then nothing is left', () => {
    const story = new Story()
      .alert(0, alertOf('db01'))
      .alert(MINUTE, ended('db01', T0 + MINUTE))
      .alert(HOUR, alertOf('db01', { startsAt: T0 + HOUR }))
      .alert(2 * HOUR, ended('db01', T0 + 2 * HOUR))
      .change((record) => dropFinished(record, 'INC-20240115143025-00000002'));
    expect(story.record.closed).toHaveProperty('db01');
    story.change((record) => dropFinished(record, 'INC-20240115143025-00000001'));
    expect(isEmpty(story.record)).toBe(true);
  });

  it("lets the source's end of an episode take the place of a person's, though neither is remembered then", () => {
    const story = new Story()
      .alert(0, alertOf('db01'))
      .acts(MINUTE, 'resolve', ANNA)
      .alert(5 * HOUR, alertOf('db01'))
      .alert(6 * HOUR, ended('db01', T0 + 6 * HOUR));
    for (const id of ['1', '2']) story.change((record) => dropFinished(record, `INC-20240115143025-0000000${id}`));
    expect(isEmpty(story.record)).toBe(true);
    story.alert(6 * HOUR + MINUTE, alertOf('db01'));
    expect(last(story)).toBe('opened');
  });

  it('keeps a storm bounded: entries that wait collapse by kind, and none is dropped', () => {
    const story = new Story();
    for (let i = 0; i < 500; i++) story.alert(i, alertOf(`db${String(i)}`));
    for (let i = 0; i < 400; i++) story.alert(MINUTE + i, ended(`db${String(i)}`, T0 + MINUTE));
    const { entries, last: newest } = story.thread.timeline;
    expect(newest).toBe(900);
    expect(entries.length).toBeLessThanOrEqual(32);
    const counts = (kind: string): number =>
      entries.filter((entry) => entry.kind === kind).reduce((sum, { count }) => sum + count, 0);
    expect([counts('opened'), counts('joined'), counts('alert-resolved')]).toEqual([1, 499, 400]);
  });
});
