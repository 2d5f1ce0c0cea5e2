import { Registry } from 'prom-client';
import { ManualClock } from '../../test/support/manual-clock.js';
import { loadConfig } from '../config/load-config.js';
import { StoreUnavailableError, type StoreOverview, type ThreadStore } from '../thread-store/thread-store.js';
import { StateGauges } from './state-gauges.js';

const CHANNEL = 'C0123456789';
const never = new Promise<never>(() => undefined);

describe('gauges of what the store holds', () => {
  let clock: ManualClock;
  let registry: Registry;
  let gauges: StateGauges;
  let asked: number;
  let ping: () => Promise<void>;
  let overview: () => Promise<StoreOverview>;
  const shown = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  beforeEach(() => {
    clock = new ManualClock();
    registry = new Registry();
    asked = 0;
    ping = () => Promise.resolve();
    overview = () =>
      Promise.resolve({
        incidents: [{ status: 'firing', severity: 'error', count: 3 }],
        backlog: [
          { channel: 'C0OTHER001', threads: 2, since: clock.now() - 90_000 },
          { channel: '#ops', threads: 1, since: clock.now() + 5_000 },
          { channel: '#dev', threads: 4, since: clock.now() - 1_500 },
        ],
      });
    const store = {
      ping: () => ping(),
      overview: () => {
        asked += 1;
        return overview();
      },
      folds: () => Promise.resolve([]),
    };
    const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: CHANNEL });
    gauges = new StateGauges(registry, store as unknown as ThreadStore, clock, config);
  });

  it('say what there is; a channel that caught up stays, with 0', async () => {
    await gauges.read();
    expect(await shown()).toEqual([
      'alert_threader_store_up 1',
      'alert_threader_incidents{status="firing",severity="error"} 3',
      'alert_threader_pending_threads{channel="C0OTHER001"} 2',
      'alert_threader_pending_threads{channel="other"} 5',
      `alert_threader_pending_threads{channel="${CHANNEL}"} 0`,
      'alert_threader_oldest_pending_seconds{channel="C0OTHER001"} 90',
      'alert_threader_oldest_pending_seconds{channel="other"} 1.5',
      `alert_threader_oldest_pending_seconds{channel="${CHANNEL}"} 0`,
      `alert_threader_folded_problems{channel="${CHANNEL}"} 0`,
    ]);
    overview = () => Promise.resolve({ incidents: [], backlog: [] });
    await gauges.read();
    expect(await shown()).toEqual([
      'alert_threader_store_up 1',
      `alert_threader_pending_threads{channel="${CHANNEL}"} 0`,
      'alert_threader_pending_threads{channel="C0OTHER001"} 0',
      `alert_threader_oldest_pending_seconds{channel="${CHANNEL}"} 0`,
      'alert_threader_oldest_pending_seconds{channel="C0OTHER001"} 0',
      `alert_threader_folded_problems{channel="${CHANNEL}"} 0`,
      'alert_threader_folded_problems{channel="C0OTHER001"} 0',
    ]);
  });

  it('of a store that fails: down, and nothing else', async () => {
    await gauges.read();
    ping = () => Promise.reject(new StoreUnavailableError('away', 'ECONNREFUSED'));
    overview = ping as unknown as typeof overview;
    await gauges.read();
    expect(await shown()).toEqual(['alert_threader_store_up 0']);
  });

  it('of a store that hangs: the same after 1.5 s, and it is asked once for all who ask meanwhile', async () => {
    ping = () => never;
    overview = () => never;
    const reads = [gauges.read(), gauges.read(), gauges.read()];
    await clock.advance(1_500);
    await Promise.all(reads);
    expect(await shown()).toEqual(['alert_threader_store_up 0']);
    expect(asked).toBe(1);
    ping = () => Promise.resolve();
    overview = () => Promise.resolve({ incidents: [], backlog: [] });
    await gauges.read();
    expect(asked).toBe(2);
    expect((await shown())[0]).toBe('alert_threader_store_up 1');
  });
});
