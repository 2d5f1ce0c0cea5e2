import { resolved } from '../contract/records.js';
import { DeliveryHarness } from '../support/delivery-harness.js';
import { ManualClock } from '../support/manual-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST = 100;

describe('the history', () => {
  let slack: DeliveryHarness;
  let archived: number;

  beforeEach(async () => {
    archived = 0;
    slack = await DeliveryHarness.start({}, 'off', new ManualClock(), MOST);
  });
  afterEach(() => slack.close());

  /** Incidents that ended one after the other. */
  const archive = async (count: number, endedAt = slack.clock.now() - HOUR): Promise<void> => {
    for (; count > 0; count--) await slack.process.store.archive(resolved(++archived, endedAt + archived));
  };
  const inHistory = async (): Promise<number> => (await slack.process.store.counts()).archived;
  const told = () => slack.logger.lines.filter(({ message }) => /incidents/.test(message) && /forgotten/.test(message));

  it('is cut to its bound within a minute when it is well above, the oldest first, and the log says so', async () => {
    await archive(MOST + 15);
    expect(await inHistory()).toBe(MOST + 15);
    await slack.pass(MINUTE + 1_000);
    expect(await inHistory()).toBe(MOST);
    expect(await slack.process.store.incident(resolved(15).incident.id)).toBeUndefined();
    expect(await slack.process.store.incident(resolved(16).incident.id)).toBeDefined();
    expect(told()).toEqual([
      {
        level: 'warn',
        fields: { forgotten: 15, kept: MOST },
        message: 'too many resolved incidents: the oldest were forgotten before RETENTION was over',
      },
    ]);
  });

  it('is cut within the hour when it is a little above, and what RETENTION ends is told as usual', async () => {
    await archive(3, slack.clock.now() - 31 * DAY);
    await archive(MOST + 5);
    await slack.pass(2 * MINUTE);
    expect(await inHistory()).toBe(MOST + 8);
    await slack.clock.advance(HOUR, () => slack.settle());
    expect(await inHistory()).toBe(MOST);
    expect(told().map(({ level, fields }) => [level, fields])).toEqual([
      ['info', { forgotten: 3 }],
      ['warn', { forgotten: 5, kept: MOST }],
    ]);
  });

  it('is left alone at its bound', async () => {
    await archive(MOST);
    await slack.pass(2 * MINUTE);
    await slack.clock.advance(HOUR, () => slack.settle());
    expect(await inHistory()).toBe(MOST);
    expect(told()).toEqual([]);
  });
});
