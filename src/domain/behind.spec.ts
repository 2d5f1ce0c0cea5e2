import { behindSince } from './behind.js';
import { alertOf, ANNA, ended, MINUTE, severe, Story, T0 } from './domain.fixture.js';
import type { Delivery } from './record.js';
import { rootDigest, rootFacts } from './root-facts.js';

describe('since when Slack does not show what happened', () => {
  let story: Story;
  const since = (): number | null => {
    const at = behindSince(story.thread);
    return at === null ? null : at - T0;
  };
  const delivered = (delivery: Partial<Delivery>): void => {
    story.change((record) => ({
      ...record,
      current: record.current && { ...record.current, delivery: { ...record.current.delivery, ...delivery } },
    }));
  };
  /** Slack shows every entry, and the card as it is. */
  const shown = (): void => {
    const { timeline } = story.thread;
    delivered({ rootTs: '1.1', shownEntry: timeline.last, shownDigest: rootDigest(rootFacts(story.thread)) });
  };

  beforeEach(() => {
    story = new Story().alert(0, alertOf('db1'));
  });

  it('a new thread: since it was opened, until its card is there', () => {
    expect(since()).toBe(0);
    story.alert(MINUTE, alertOf('db2'));
    expect(since()).toBe(0);
    shown();
    expect(since()).toBeNull();
  });

  it('a reply: since the first thing that it is to tell', () => {
    shown();
    story.alert(2 * MINUTE, alertOf('db2')).acts(3 * MINUTE, 'acknowledge', ANNA);
    expect(since()).toBe(2 * MINUTE);
    delivered({ shownEntry: 2 });
    expect(since()).toBe(3 * MINUTE);
  });

  it.each([
    ['acknowledged', () => story.acts(5 * MINUTE, 'acknowledge', ANNA)],
    ['resolved', () => story.alert(5 * MINUTE, ended('db1', T0 + 4 * MINUTE))],
    ['firing', () => story.acts(4 * MINUTE, 'acknowledge', ANNA).acts(5 * MINUTE, 'unacknowledge', ANNA)],
  ])('a card that has told of it and still shows another status than %s: since that began', (status, happens) => {
    shown();
    happens();
    delivered({ shownEntry: story.thread.timeline.last, shownDigest: `${status === 'firing' ? 'ack' : 'fir'}:x` });
    expect(since()).toBe(5 * MINUTE);
    shown();
    expect(since()).toBeNull();
  });

  it('not for counts and texts of the card, nor for one that can not be edited', () => {
    shown();
    delivered({ shownDigest: 'firing:older' });
    expect(since()).toBeNull();
    delivered({ shownDigest: 'firing-and-more:x' });
    expect(since()).toBe(0);
    delivered({ frozen: true });
    expect(since()).toBeNull();
  });

  it('not for a thread that people deleted, until something loud happens', () => {
    shown();
    delivered({ rootTs: null, shownDigest: null, lost: 'gone', epoch: 1 });
    expect(since()).toBeNull();
    story.acts(2 * MINUTE, 'acknowledge', ANNA);
    expect(since()).toBeNull();
    story.alert(3 * MINUTE, severe('db2', 'critical'));
    expect(since()).not.toBeNull();
  });
});
