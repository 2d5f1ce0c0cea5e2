import { Outages } from './outages.js';

const DEFAULT = 'C0ALERTS01';
const TYPED_WRONG = 'C0TYPPO001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('an outage of a channel', () => {
  let outages: Outages;
  beforeEach(() => {
    outages = new Outages(DEFAULT);
  });
  const channels = (now: number) => outages.list(now).map(({ channel }) => channel);

  it('is over for us once nobody has asked for the channel for a day: it may have been a word typed wrong', () => {
    outages.channelFailed(TYPED_WRONG, 'channel_not_found', 0);
    outages.channelFailed(TYPED_WRONG, 'channel_not_found', HOUR);
    expect(channels(DAY)).toEqual([TYPED_WRONG]);
    expect(channels(DAY + HOUR)).toEqual([]);
    expect(outages.channelFailed(TYPED_WRONG, 'channel_not_found', 3 * DAY)).toBe(true);
    expect(outages.list(3 * DAY)).toMatchObject([{ since: 3 * DAY }]);
  });

  it('is kept for 1,000 channels at most, SLACK_CHANNEL always, and what failed last', () => {
    outages.channelFailed(DEFAULT, 'is_archived', 0);
    for (let n = 0; n < 3_000; n++) {
      outages.channelFailed(`C${n}`, 'channel_not_found', n);
      outages.channelFailed(TYPED_WRONG, 'channel_not_found', n);
    }
    const named = channels(3_000);
    expect(named).toHaveLength(1_000);
    expect(named).toEqual(expect.arrayContaining([DEFAULT, TYPED_WRONG, 'C2999', 'C2500']));
    expect(outages.list(3_000).find(({ channel }) => channel === TYPED_WRONG)?.since).toBe(0);
  });

  it('goes on for SLACK_CHANNEL, and for the app, until a call goes through', () => {
    outages.channelFailed(DEFAULT, 'is_archived', 0);
    outages.appFailed('invalid_auth', 0);
    expect(channels(30 * DAY)).toEqual([undefined, DEFAULT]);
    expect(outages.worked(DEFAULT)).toBe(true);
    expect(outages.list(30 * DAY)).toEqual([]);
  });
});
