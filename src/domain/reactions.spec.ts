import { once } from './applied.js';
import { alertOf, HOUR, MINUTE, RULES, Story, T0 } from './domain.fixture.js';
import {
  acknowledgedByReaction,
  emojiName,
  MAX_SEEN,
  reacted,
  seenReactions,
  type ReactionChange,
} from './reactions.js';
import type { IncidentThread } from './record.js';
import { NO_ROLLS } from './roll.js';

const TS = '1700000000.000100';

/** The current thread is shown in Slack. */
const shown = (story: Story): Story =>
  story.change((record) => ({
    ...record,
    current: record.current && { ...record.current, delivery: { ...record.current.delivery, rootTs: TS } },
  }));

const react = (story: Story, after: number, change: Partial<ReactionChange> = {}): string => {
  const context = {
    now: T0 + after,
    rules: RULES,
    newIncidentId: () => 'INC-20240115143025-99999999',
    rolls: NO_ROLLS,
  };
  const reaction = { ts: TS, name: 'eyes', userId: 'U0ANNA', added: true, ...change };
  const result = reacted(
    story.record,
    reaction,
    (thread: IncidentThread) => {
      const incidentId = thread.incident.id;
      const actor = { kind: 'slack', id: reaction.userId } as const;
      if (reaction.added) return { type: 'acknowledge', incidentId, actor, via: 'reaction' };
      return acknowledgedByReaction(thread, reaction.userId) ? { type: 'unacknowledge', incidentId, actor } : undefined;
    },
    context,
  );
  story.change(() => result.next);
  return result.reason;
};

describe('reactions', () => {
  let story: Story;
  beforeEach(() => {
    story = shown(new Story().alert(0, alertOf('db01')));
  });

  it('act once, however often they are told', () => {
    expect(react(story, 1)).toBe('acknowledged');
    expect(react(story, 2)).toBe('reaction-seen');
  });

  it('taken back, they undo what they did', () => {
    react(story, 1);
    expect(react(story, 2, { added: false })).toBe('unacknowledged');
    expect(react(story, 3, { added: false })).toBe('reaction-seen');
    expect(react(story, 4)).toBe('acknowledged');
  });

  it('taken back, they undo nothing that another reaction or a button did', () => {
    react(story, 1);
    expect(react(story, 2, { userId: 'U0BEN' })).toBe('already-acknowledged-by-another');
    expect(react(story, 3, { userId: 'U0BEN', added: false })).toBe('reaction-noted');
    expect(story.thread.incident.acknowledged?.by.id).toBe('U0ANNA');

    const byButton = shown(new Story().alert(0, alertOf('db01')));
    byButton.acts(1, 'acknowledge', { kind: 'slack', id: 'U0ANNA' });
    expect(react(byButton, 2)).toBe('already-acknowledged');
    expect(react(byButton, 3, { added: false })).toBe('reaction-noted');
    expect(byButton.thread.incident.status).toBe('acknowledged');
  });

  it('of before do nothing to an incident that opens again', () => {
    react(story, 1);
    story.acts(MINUTE, 'resolve', { kind: 'slack', id: 'U0BEN' });
    story.acts(2 * MINUTE, 'reopen', { kind: 'slack', id: 'U0BEN' });
    expect(react(story, 3 * MINUTE)).toBe('reaction-seen');
    expect(story.thread.incident.status).toBe('firing');
  });

  it('are remembered up to a bound: the oldest go first, but not the one that acknowledged', () => {
    expect(react(story, 1)).toBe('acknowledged');
    for (let n = 0; n < 2 * MAX_SEEN; n++) react(story, 2 + n, { userId: `U${n}`, name: 'no_bell' });
    const seen = seenReactions(story.thread);
    expect(seen).toHaveLength(MAX_SEEN);
    expect(seen).toEqual(expect.arrayContaining(['eyes U0ANNA', `no_bell U${2 * MAX_SEEN - 1}`]));
    expect(seen).not.toContain('no_bell U0');
    expect(react(story, HOUR, { added: false })).toBe('unacknowledged');
  });

  it('count on the first message alone, and afresh on one that is posted anew', () => {
    expect(react(story, 1, { ts: '1700000000.000999' })).toBe('not-current');
    react(story, 1);
    const anew = '1700000001.000200';
    story.change((record) => ({
      ...record,
      current: record.current && { ...record.current, delivery: { ...record.current.delivery, rootTs: anew } },
    }));
    expect(react(story, 2, { ts: anew, userId: 'U0BEN' })).toBe('already-acknowledged-by-another');
    expect(story.thread.reactions).toEqual({ ts: anew, seen: ['eyes U0BEN'] });
  });
});

describe('once', () => {
  const acknowledge = (story: Story, after: number, ids: readonly string[], id = 'U0ANNA'): string => {
    const result = once(story.record, ids, T0 + after, (record) => {
      story.record = record;
      return story.happens(after, {
        type: 'acknowledge',
        incidentId: story.thread.incident.id,
        actor: { kind: 'slack', id },
      });
    });
    story.record = result.next;
    return result.reason;
  };

  it('knows a repeat by any of its ids, for 10 minutes', () => {
    const story = new Story().alert(0, alertOf('db01'));
    expect(acknowledge(story, 0, ['event', 'envelope'])).toBe('acknowledged');
    story.acts(1, 'unacknowledge', { kind: 'slack', id: 'U0ANNA' });
    expect(acknowledge(story, 2, ['event', 'another'])).toBe('already-applied');
    expect(acknowledge(story, 2, ['envelope'])).toBe('already-applied');
    expect(story.thread.incident.status).toBe('firing');
    expect(acknowledge(story, HOUR, ['later'])).toBe('acknowledged');
    expect(story.record.applied?.map(({ id }) => id)).toEqual(['later']);
  });

  it('notes what changed nothing as well: a copy on another replica is not answered again', () => {
    const story = new Story().alert(0, alertOf('db01'));
    acknowledge(story, 0, ['first']);
    expect(acknowledge(story, 1, ['second'])).toBe('already-acknowledged');
    expect(story.record.applied?.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(acknowledge(story, 2, ['second'])).toBe('already-applied');
  });
});

test.each([
  ['eyes', 'eyes'],
  ['wave::skin-tone-6', 'wave'],
  ['', ''],
])('emojiName of %j', (reaction, name) => {
  expect(emojiName(reaction)).toBe(name);
});
