import { alertOf, ANNA, BEN, ended, HOUR, MINUTE, Story, T0 } from './domain.fixture.js';
import type { SilenceRequest } from './incident.js';
import { wantsSilenceCare } from './silence-rules.js';

const request = (change: Partial<SilenceRequest> = {}): SilenceRequest => ({
  id: 'r1',
  server: 'alertmanager',
  by: ANNA,
  at: T0 + MINUTE,
  until: T0 + HOUR,
  matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
  createdBy: 'Anna (Slack U0ANNA)',
  comment: 'Disk is full',
  note: 'new disk is ordered',
  ...change,
});

describe('silences', () => {
  let story: Story;
  let incidentId: string;

  beforeEach(() => {
    story = new Story().alert(0, alertOf('db01')).alert(0, alertOf('db02'));
    incidentId = story.thread.incident.id;
  });

  const asks = (change: Partial<SilenceRequest> = {}): void => {
    story.happens(MINUTE, { type: 'silence-asked', incidentId, request: request(change) });
  };
  const done = (after = 2 * MINUTE, silenceId = 's1'): void => {
    story.happens(after, { type: 'silence-done', incidentId, requestId: 'r1', silenceId });
  };
  const reasons = (): string[] => story.reasons.slice(2);

  it('nothing claims to be silenced before the server said so', () => {
    const { told } = story;
    asks();
    expect(story.thread.incident.silence).toBeNull();
    expect(story.told).toEqual(told);
    expect(wantsSilenceCare(story.record)).toBe(true);

    done();
    expect(story.thread.incident.silence).toEqual({ id: 's1', server: 'alertmanager', until: T0 + HOUR, by: ANNA });
    expect(story.thread.incident.silencing).toBeUndefined();
    expect(story.thread.timeline.entries.at(-1)).toMatchObject({
      kind: 'silenced',
      actor: ANNA,
      until: T0 + HOUR,
      note: 'new disk is ordered',
      loud: false,
    });
  });

  it('one that the server refused leaves nothing behind', () => {
    asks();
    story.happens(2 * MINUTE, { type: 'silence-failed', incidentId, requestId: 'r1' });
    expect(reasons()).toEqual(['silence-asked', 'silence-failed']);
    expect(story.told).toEqual(['opened!', 'joined!']);
    expect(wantsSilenceCare(story.record)).toBe(false);
  });

  it('one at a time; the answer to a request that is no longer wanted changes nothing', () => {
    asks();
    asks({ id: 'r2', by: BEN });
    story.happens(2 * MINUTE, { type: 'silence-done', incidentId, requestId: 'r9', silenceId: 's9' });
    expect(reasons()).toEqual(['silence-asked', 'silence-pending', 'not-silenced']);
  });

  it('what is over needs none, and has none to end', () => {
    story.acts(MINUTE, 'resolve', BEN);
    asks();
    asks({ end: true });
    expect(reasons().slice(1)).toEqual(['too-late', 'not-silenced']);
  });

  it('one that outlives its incident can be ended: told, with who', () => {
    asks();
    done();
    story.acts(3 * MINUTE, 'resolve', BEN);
    expect(story.thread.incident.silence?.id).toBe('s1');
    asks({ id: 'r2', by: BEN, end: true });
    expect(story.thread.incident.silence?.id).toBe('s1');
    story.happens(4 * MINUTE, { type: 'silence-done', incidentId, requestId: 'r2', silenceId: 's1' });
    expect(reasons().slice(-2)).toEqual(['silence-asked', 'silence-ended']);
    expect(story.thread.timeline.entries.at(-1)).toMatchObject({ kind: 'silence-ended', actor: BEN });
    expect(story.thread.incident).toMatchObject({ status: 'resolved', silence: null });
    expect(wantsSilenceCare(story.record)).toBe(false);
  });

  it('what is over and waited for an answer that never came is looked at again', () => {
    asks();
    story.acts(2 * MINUTE, 'resolve', BEN).change((record) => ({ ...record, due: null }));
    story.happens(12 * MINUTE, { type: 'silence-failed', incidentId, requestId: 'r1' });
    expect(story.record.due).toBe(T0 + 12 * MINUTE);
  });

  it('a person ends it: told, with who', () => {
    asks();
    done();
    story.happens(3 * MINUTE, {
      type: 'silence-asked',
      incidentId,
      request: request({ id: 'r2', by: BEN, end: true }),
    });
    story.happens(3 * MINUTE, { type: 'silence-done', incidentId, requestId: 'r2', silenceId: 's1' });
    expect(story.thread.timeline.entries.at(-1)).toMatchObject({ kind: 'silence-ended', actor: BEN });
    expect(story.thread.incident).toMatchObject({ silence: null, mutedUntil: T0 + 3 * MINUTE });
  });

  it('there is none to end', () => {
    asks({ end: true });
    expect(reasons()).toEqual(['not-silenced']);
  });

  it('it runs out: told, and its alerts are looked after until the source speaks of them again', () => {
    asks();
    done();
    story.happens(HOUR, { type: 'silence-over', incidentId, silenceId: 's1' });
    story.happens(HOUR, { type: 'silence-over', incidentId, silenceId: 's1' });
    expect(reasons().slice(2)).toEqual(['silence-ended', 'not-silenced']);
    expect(story.told.at(-1)).toBe('silence-ended');
    expect(wantsSilenceCare(story.record)).toBe(true);

    story.alert(HOUR + MINUTE, alertOf('db01'));
    expect(wantsSilenceCare(story.record)).toBe(true);
    story.alert(HOUR + MINUTE, alertOf('db02'));
    expect(wantsSilenceCare(story.record)).toBe(false);
  });

  it('the end of a silence is news to nobody once all is over', () => {
    asks();
    done();
    story.alert(5 * MINUTE, ended('db01', T0 + 4 * MINUTE)).alert(5 * MINUTE, ended('db02', T0 + 4 * MINUTE));
    const { told } = story;
    story.change((record) => ({ ...record, due: null }));
    story.happens(HOUR, { type: 'silence-over', incidentId, silenceId: 's1' });
    expect(story.reasons.at(-1)).toBe('silence-ended');
    expect(story.told).toEqual(told);
    expect(story.record.due).toBe(T0 + HOUR); // the first message says that it is silenced
    expect(wantsSilenceCare(story.record)).toBe(false);
  });

  it.each([
    ['lasts: it is the new one’s to show and to end', 31 * MINUTE, 's1'],
    ['ended just now: it is nobody’s', HOUR, undefined],
  ])('a new incident begins while the silence of the one before %s', (_what, at, kept) => {
    asks();
    done();
    story.acts(0, 'resolve', BEN);
    story.alert(at, alertOf('db03', { startsAt: T0 + at }));
    expect(story.reasons.at(-1)).toBe('opened');
    expect(story.thread.incident.silence?.id).toBe(kept);
    expect(story.record.earlier.map(({ incident }) => incident.silence)).toEqual([null]);
    expect(wantsSilenceCare(story.record)).toBe(kept !== undefined);
  });

  it('somebody moves its end at the server: the first message follows, without a word', () => {
    asks();
    done();
    const { told } = story;
    const until = T0 + 2 * HOUR;
    story.happens(5 * MINUTE, { type: 'silence-moved', incidentId, silenceId: 's1', until });
    story.happens(6 * MINUTE, { type: 'silence-moved', incidentId, silenceId: 's1', until });
    expect(reasons().slice(2)).toEqual(['silence-moved', 'not-silenced']);
    expect(story.thread.incident.silence?.until).toBe(until);
    expect(story.told).toEqual(told);
  });
});
