import { alertOf, ANNA, CHANNEL, ended, HOUR, MINUTE, severe, Story, T0 } from '../domain/domain.fixture.js';
import { emptyRecord, type ThreadRecord } from '../domain/record.js';
import { recordChanges } from './record-changes.js';

const EMPTY = emptyRecord('key', CHANNEL);

describe('what is measured of a change', () => {
  let story: Story;
  /** What a step is measured as. */
  const during = (step: () => unknown): ReturnType<typeof recordChanges> => {
    const before = story.record;
    step();
    return recordChanges(before, story.record);
  };
  const showing = (shownEntry: number): void => {
    story.change((record) => ({
      ...record,
      current: record.current && { ...record.current, delivery: { ...record.current.delivery, shownEntry } },
    }));
  };

  beforeEach(() => {
    story = new Story();
  });

  it('an acknowledgement, once, from when we heard of the problem', () => {
    expect(during(() => story.alert(HOUR, severe('a', 'critical', { startsAt: T0 - 9 * HOUR })))).toEqual([]);
    expect(during(() => story.acts(HOUR + 90_000, 'acknowledge', ANNA))).toEqual([
      { type: 'acknowledged', severity: 'critical', ms: 90_000 },
    ]);
    expect(during(() => story.acts(HOUR + MINUTE, 'acknowledge', ANNA))).toEqual([]);
    expect(during(() => story.acts(2 * HOUR, 'unacknowledge', ANNA))).toEqual([]);
    expect(during(() => story.acts(3 * HOUR, 'acknowledge', ANNA))).toEqual([
      { type: 'acknowledged', severity: 'critical', ms: 2 * HOUR },
    ]);
  });

  it('an end, by its source or by a person', () => {
    story.alert(0, alertOf('a'));
    expect(during(() => story.alert(5 * MINUTE, ended('a', T0 + 4 * MINUTE)))).toEqual([
      { type: 'resolved', severity: 'warning', by: 'source', ms: 5 * MINUTE },
    ]);
    story = new Story().alert(0, severe('a', 'page-me'));
    expect(during(() => story.acts(7 * MINUTE, 'resolve', ANNA))).toEqual([
      { type: 'resolved', severity: 'other', by: 'person', ms: 7 * MINUTE },
    ]);
  });

  it('of an incident that is opened again, from then on', () => {
    story
      .alert(0, alertOf('a'))
      .acts(MINUTE, 'resolve', ANNA)
      .acts(10 * MINUTE, 'reopen', ANNA);
    expect(during(() => story.acts(12 * MINUTE, 'acknowledge', ANNA))).toMatchObject([{ ms: 2 * MINUTE }]);
    expect(during(() => story.acts(15 * MINUTE, 'resolve', ANNA))).toMatchObject([{ ms: 5 * MINUTE }]);
  });

  it('each entry that Slack shows from now on', () => {
    story
      .alert(0, alertOf('a'))
      .alert(MINUTE, alertOf('b'))
      .acts(2 * MINUTE, 'acknowledge', ANNA);
    expect(
      during(() => {
        showing(2);
      }),
    ).toEqual([
      { type: 'shown', at: T0 },
      { type: 'shown', at: T0 + MINUTE },
    ]);
    expect(
      during(() => {
        showing(2);
      }),
    ).toEqual([]);
    expect(
      during(() => {
        showing(3);
      }),
    ).toEqual([{ type: 'shown', at: T0 + 2 * MINUTE }]);
  });

  it('also of an incident before the present one', () => {
    story
      .alert(0, alertOf('a'))
      .acts(MINUTE, 'resolve', ANNA)
      .alert(9 * HOUR, alertOf('a', { startsAt: T0 + 8 * HOUR }));
    const before = story.record;
    expect(before.earlier).toHaveLength(1);
    const earlier = before.earlier.map((thread) => ({ ...thread, delivery: { ...thread.delivery, shownEntry: 2 } }));
    expect(recordChanges(before, { ...before, earlier })).toEqual([
      { type: 'shown', at: T0 },
      { type: 'shown', at: T0 + MINUTE },
    ]);
  });

  it('nothing of what came and ended in one step, of what left the record, and of texts', () => {
    story.alert(0, alertOf('a'));
    const open = story.record;
    story.acts(MINUTE, 'resolve', ANNA);
    expect(recordChanges(EMPTY, story.record)).toEqual([]);
    expect(recordChanges(story.record, { ...story.record, current: null })).toEqual([]);
    const told: ThreadRecord = { ...open, due: 7 };
    expect(recordChanges(open, told)).toEqual([]);
  });
});
