import { committed } from './call-outcomes.js';
import { claim } from './claims.js';
import { moved } from './thread-repairs.js';
import { alertOf, ANNA, CHANNEL, ended, MINUTE, RULES, severe, Story, T0 } from './domain.fixture.js';
import type { Incident, SilenceRequest } from './incident.js';
import { plan } from './plan.js';
import { PRIORITY, type Priority } from './priority.js';
import type { Claim, Delivery, ThreadRecord } from './record.js';
import { rootDigest, rootFacts } from './root-facts.js';
import type { PlanReason, Step } from './step.js';
import { unmadeDigest } from './unmade-card.js';

const TS = '1705329026.000100';

const planAt = (record: ThreadRecord, after: number, retryNow = false) =>
  plan(record, { now: T0 + after, rules: RULES, retryNow });

/** Carries a step out as the delivery does, and as if Slack had taken it. */
const done = (record: ThreadRecord, step: Step, after: number): ThreadRecord => {
  const claimed = claim(record, step, 'me', T0 + after);
  const open = claimed.current?.delivery.claim;
  if (!open) throw new Error('nothing was claimed');
  return committed(claimed, step.incidentId, open, TS, T0 + after);
};

/** Carries out everything that is to be done now. */
const allDone = (story: Story, after: number): Story => {
  for (const step of planAt(story.record, after).steps) story.change((record) => done(record, step, after));
  return story;
};

/** A story whose first alert is shown in Slack. */
const shown = (severity = 'warning'): Story => {
  const story = new Story().alert(0, severe('db01', severity));
  const [step] = planAt(story.record, 0).steps;
  if (step === undefined) throw new Error('nothing to show');
  return story.change((record) => done(record, step, 1_000));
};

const delivery = (story: Story, change: Partial<Delivery>): Story =>
  story.change((record) => ({
    ...record,
    current: record.current && { ...record.current, delivery: { ...record.current.delivery, ...change } },
  }));

const claimOf = (story: Story, change: Partial<Claim>): Claim => ({
  id: `${story.thread.incident.id}:root:0`,
  call: 'root',
  first: 1,
  last: 1,
  digest: rootDigest(rootFacts(story.thread)),
  owner: 'gone',
  at: T0,
  ...change,
});

const REQUEST: SilenceRequest = {
  ...{ id: 'r1', server: 'alertmanager', by: ANNA, at: T0, until: T0 + 60 * MINUTE },
  ...{ matchers: [], createdBy: '', comment: '' },
};

/** A story that is over, and shown to be. */
const over = (facts: Partial<Incident> = {}): Story =>
  allDone(
    shown()
      .change((record) => ({
        ...record,
        current: record.current && { ...record.current, incident: { ...record.current.incident, ...facts } },
      }))
      .alert(10_000, ended('db01', T0 + 10_000)),
    10_000,
  );

const withoutLead = (story: Story): Story =>
  story.change((record) => ({
    ...record,
    current: record.current && {
      ...record.current,
      incident: { ...record.current.incident, lead: 'nobody' },
    },
  }));

/** Its root is the plain message in place of the card. */
const unmade = (story: Story, change: Partial<Delivery> = {}): Story => {
  const { shownDigest } = story.thread.delivery;
  return delivery(story, { shownDigest: shownDigest && unmadeDigest(shownDigest), ...change });
};

interface Row {
  readonly when: string;
  readonly record: () => Story;
  /** Milliseconds after the story's start. */
  readonly at: number;
  readonly steps: readonly { type: Step['operation']['type']; reason: PlanReason; priority?: Priority }[];
  /** Milliseconds after the story's start. */
  readonly wakeAt?: number | null;
}

const rows: Row[] = [
  {
    when: 'a critical incident was never shown',
    record: () => new Story().alert(0, severe('db01', 'critical')),
    at: 0,
    steps: [{ type: 'post-root', reason: 'never-shown', priority: PRIORITY['new-critical'] }],
  },
  {
    when: 'a warning was never shown',
    record: () => new Story().alert(0, alertOf('db01')),
    at: 0,
    steps: [{ type: 'post-root', reason: 'never-shown', priority: PRIORITY.new }],
  },
  {
    when: 'it was over before it was shown: one card',
    record: () => new Story().alert(0, alertOf('db01')).alert(1, ended('db01', T0)),
    at: 10,
    steps: [{ type: 'post-root', reason: 'over-before-shown', priority: PRIORITY.resolve }],
  },
  { when: 'everything is shown', record: () => shown(), at: 2_000, steps: [], wakeAt: null },
  {
    when: 'an alert joined: a reply at once, the edit 2 s after the last one',
    record: () => shown().alert(1_500, alertOf('db02')),
    at: 1_500,
    steps: [{ type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.resolve }],
    wakeAt: 3_000,
  },
  {
    when: 'an alert joined, and the 2 s are over',
    record: () => shown().alert(5_000, alertOf('db02')),
    at: 5_000,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.resolve },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.counts },
    ],
  },
  {
    when: 'one of two resolved: a quiet reply, and counts',
    record: () => {
      const story = shown().alert(5_000, alertOf('db02'));
      for (const step of planAt(story.record, 5_000).steps) story.change((record) => done(record, step, 5_000));
      return story.alert(10_000, ended('db01', T0 + 10_000));
    },
    at: 10_000,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.reply },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.counts },
    ],
  },
  {
    when: 'it resolved: the status of the root goes before counts',
    record: () => shown().alert(10_000, ended('db01', T0 + 10_000)),
    at: 10_000,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.resolve },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.status },
    ],
  },
  {
    when: 'a person clicked, and then an alert joined: the click is not put off by it',
    record: () => shown().acts(1_200, 'acknowledge', ANNA).alert(1_300, alertOf('db02')),
    at: 1_300,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.person },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.person },
    ],
  },
  {
    when: 'a person clicked: reply and edit before everything else, and at once',
    record: () => shown().acts(1_200, 'acknowledge', ANNA),
    at: 1_200,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting', priority: PRIORITY.person },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.person },
    ],
  },
  {
    when: 'the root is frozen: replies only',
    record: () => delivery(shown().alert(5_000, alertOf('db02')), { frozen: true }),
    at: 5_000,
    steps: [{ type: 'post-reply', reason: 'entries-waiting' }],
  },
  {
    when: 'the last try failed: not before its time',
    record: () => delivery(new Story().alert(0, alertOf('db01')), { attempts: 1, nextTryAt: T0 + 4_000 }),
    at: 1_000,
    steps: [],
    wakeAt: 4_000,
  },
  {
    when: 'an edit failed: it waits alone',
    record: () => delivery(shown().alert(5_000, alertOf('db02')), { edits: { attempts: 1, nextTryAt: T0 + 60_000 } }),
    at: 5_000,
    steps: [{ type: 'post-reply', reason: 'entries-waiting' }],
    wakeAt: 60_000,
  },
  {
    when: 'the card cannot be made: the thread is shown all the same',
    record: () => withoutLead(new Story().alert(0, alertOf('db01'))),
    at: 0,
    steps: [{ type: 'post-root', reason: 'never-shown' }],
  },
  {
    when: 'the root says that its card could not be made: the card waits for its next try',
    record: () => unmade(shown(), { cardRetryAt: T0 + 61_000 }),
    at: 5_000,
    steps: [],
    wakeAt: 61_000,
  },
  {
    when: 'its time has come, and nothing is known of an earlier try',
    record: () => unmade(shown()),
    at: 5_000,
    steps: [{ type: 'edit-root', reason: 'card-unmade', priority: PRIORITY.counts }],
  },
  {
    when: 'its time has come, and Slack refused the last edit',
    record: () => unmade(shown(), { cardRetryAt: T0, edits: { attempts: 1, nextTryAt: T0 + 30_000 } }),
    at: 5_000,
    steps: [],
    wakeAt: 30_000,
  },
  {
    when: 'what the card would tell is another thing by now: it is tried at once',
    record: () => unmade(shown(), { cardRetryAt: T0 + 61_000, shownDigest: 'firing:unmade:old' }),
    at: 5_000,
    steps: [{ type: 'edit-root', reason: 'root-is-behind' }],
  },
  {
    when: 'a person acknowledged a thread whose card cannot be made: the plain message has another button',
    record: () =>
      unmade(withoutLead(shown().acts(1_200, 'acknowledge', ANNA)), {
        cardRetryAt: T0 + 61_000,
        shownDigest: 'firing:unmade',
      }),
    at: 1_200,
    steps: [
      { type: 'post-reply', reason: 'entries-waiting' },
      { type: 'edit-root', reason: 'root-is-behind', priority: PRIORITY.person },
    ],
  },
  {
    when: 'a claim is open and its process is gone',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, {}) });
    },
    at: 5_000,
    steps: [{ type: 'take-over', reason: 'claim-abandoned' }],
  },
  {
    when: 'a claim is ambiguous: no look before 2 s',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0 + 1_000, looked: 0 }) });
    },
    at: 2_999,
    steps: [],
    wakeAt: 3_000,
  },
  {
    when: 'a claim is ambiguous: a look at 2 s',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0 + 1_000, looked: 0 }) });
    },
    at: 3_000,
    steps: [{ type: 'look-up', reason: 'fate-unknown' }],
  },
  {
    when: 'it was not found at 2 s: the next look is at 10 s',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0 + 1_000, looked: 1 }) });
    },
    at: 10_999,
    steps: [],
    wakeAt: 11_000,
  },
  {
    when: 'it was not found twice: again, under the same id',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0 + 1_000, looked: 2 }) });
    },
    at: 12_000,
    steps: [{ type: 'post-root', reason: 'not-found-twice' }],
  },
  {
    when: 'the channel could not be read for 5 minutes',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0, looked: 0 }), attempts: 3 });
    },
    at: 5 * MINUTE,
    steps: [{ type: 'post-root', reason: 'channel-unreadable' }],
  },
  {
    when: 'the service was down for 5 minutes: that says nothing about the channel',
    record: () => {
      const story = new Story().alert(0, alertOf('db01'));
      return delivery(story, { claim: claimOf(story, { endedAt: T0, looked: 0 }), attempts: 0 });
    },
    at: 5 * MINUTE,
    steps: [{ type: 'look-up', reason: 'fate-unknown' }],
  },
  {
    when: 'a message may be there twice: a look when its time has come',
    record: () =>
      delivery(shown(), {
        doubts: [{ id: 'x', call: 'root', keep: TS, claimedAt: T0, lookAt: T0 + 60_000 }],
      }),
    at: 60_000,
    steps: [{ type: 'look-again', reason: 'may-be-double' }],
  },
  {
    when: 'Slack un-threaded a reply: it goes',
    record: () => delivery(shown(), { strays: ['1705329027.000100'] }),
    at: 5_000,
    steps: [{ type: 'delete-stray', reason: 'un-threaded' }],
  },
  {
    when: 'the thread was deleted, and something quiet happened',
    record: () => {
      const story = shown().alert(2_000, alertOf('db02'));
      delivery(story, { rootTs: null, lost: 'gone', epoch: 1, shownEntry: 2, shownDigest: null });
      return story.alert(5_000, ended('db02', T0 + 5_000));
    },
    at: 5_000,
    steps: [],
  },
  {
    when: 'the thread was deleted, and something loud happened',
    record: () =>
      delivery(shown(), { rootTs: null, lost: 'gone', epoch: 1, shownDigest: null }).alert(5_000, alertOf('db02')),
    at: 5_000,
    steps: [{ type: 'post-root', reason: 'thread-lost' }],
  },
  {
    when: 'the thread was deleted, and the incident is over: it stays gone, and goes to the history in time',
    record: () =>
      delivery(shown(), { rootTs: null, lost: 'gone', epoch: 1, shownDigest: null }).alert(
        5_000,
        ended('db01', T0 + 5_000),
      ),
    at: 10_000,
    steps: [],
    wakeAt: 5_001 + 30 * MINUTE,
  },
  {
    when: 'a parked alert is to be believed',
    record: () => {
      const story = allDone(shown().alert(10_000, ended('db01', T0 + 10_000)), 10_000);
      return story.alert(15_000, alertOf('db01'));
    },
    at: 15_000 + 2 * MINUTE,
    steps: [{ type: 'tick', reason: 'time-passed' }],
  },
  {
    when: 'an incident before the current one is finished: to the history at once',
    record: () => {
      const story = allDone(shown().alert(10_000, ended('db01', T0 + 10_000)), 10_000);
      story.alert(60 * MINUTE, alertOf('db01', { startsAt: T0 + 60 * MINUTE }));
      return delivery(story, { rootTs: TS, shownEntry: 1, shownDigest: rootDigest(rootFacts(story.thread)) });
    },
    at: 60 * MINUTE,
    steps: [{ type: 'archive', reason: 'final' }],
  },
  {
    when: 'the incident is over and can no longer be opened again',
    record: () => over(),
    at: 40 * MINUTE,
    steps: [{ type: 'archive', reason: 'final' }],
  },
  {
    when: 'the incident is over, its silence is not: people can end that as long as the record has it',
    record: () => over({ silence: { id: 's1', server: 'alertmanager', until: T0 + 60 * MINUTE, by: ANNA } }),
    at: 40 * MINUTE,
    steps: [],
    wakeAt: null,
  },
  {
    when: 'the incident is over, and the server has not answered for its silence yet',
    record: () => over({ silencing: REQUEST }),
    at: 40 * MINUTE,
    steps: [],
    wakeAt: null,
  },
];

describe('plan', () => {
  it.each(rows)('$when', ({ record, at, steps, wakeAt }) => {
    const planned = planAt(record().record, at);
    expect(planned.steps.map(({ operation, reason }) => ({ type: operation.type, reason }))).toEqual(
      steps.map(({ type, reason }) => ({ type, reason })),
    );
    steps.forEach(({ priority }, i) => {
      if (priority !== undefined) expect(planned.steps[i]?.priority).toBe(priority);
    });
    if (wakeAt !== undefined) expect(planned.wakeAt).toBe(wakeAt === null ? null : T0 + wakeAt);
  });

  it('ignores times of next tries once Slack answers again', () => {
    const story = delivery(new Story().alert(0, alertOf('db01')), { attempts: 3, nextTryAt: T0 + 30_000 });
    expect(planAt(story.record, 1_000).steps).toEqual([]);
    expect(planAt(story.record, 1_000, true).steps).toHaveLength(1);
  });

  it('moves a thread, and leaves behind what stands in the old channel; not while a call is on its way', () => {
    const fresh = new Story().alert(0, alertOf('db01'));
    const there = moved(fresh.record, fresh.thread.incident.id, 'C0OTHER0001', 'is_archived').current;
    expect(there).toMatchObject({
      channel: 'C0OTHER0001',
      delivery: { movedFrom: { channel: CHANNEL, code: 'is_archived' } },
    });
    const known = shown();
    const left = moved(known.record, known.thread.incident.id, 'C0OTHER0001', 'is_archived').current;
    expect(left).toMatchObject({ channel: 'C0OTHER0001', delivery: { rootTs: null, epoch: 1, lost: 'forgotten' } });
    const { record, thread } = delivery(known, { claim: claimOf(known, {}) });
    expect(moved(record, thread.incident.id, 'C0OTHER0001', 'is_archived')).toBe(record);
  });

  it('does not edit for what the root does not show', () => {
    const story = shown();
    story.alert(5 * MINUTE, severe('db01', 'warning')); // last-seen moves
    expect(planAt(story.record, 5 * MINUTE).steps).toEqual([]);
  });
});
