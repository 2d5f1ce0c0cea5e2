import { alertOf, CHANNEL, Story, T0 } from '../domain/domain.fixture.js';
import { plan } from '../domain/plan.js';
import type { ThreadRecord } from '../domain/record.js';
import { StoreUnavailableError, type RecordChange, type ThreadStore } from '../thread-store/thread-store.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { ClaimedCalls } from './claimed-call.js';
import { workOf } from './delivery-queue.js';

const rules = { reopenWindowMs: 1_800_000 };

/** One record, and a disk whose slowness and failures the test decides. */
class OneRecord {
  failures = 0;

  constructor(
    public record: ThreadRecord,
    private readonly clock: ManualClock,
    private readonly slowMs: number,
  ) {}

  update(_key: string, _channel: string, change: RecordChange): Promise<ThreadRecord> {
    if (this.failures-- > 0) return Promise.reject(new StoreUnavailableError('disk full', 'ENOSPC'));
    this.clock.jump(this.slowMs);
    this.record = change(this.record);
    return Promise.resolve(this.record);
  }
}

const begin = (slowMs: number) => {
  const clock = new ManualClock(T0);
  const { record } = new Story().alert(0, alertOf('aa01'));
  const store = new OneRecord(record, clock, slowMs);
  const calls = new ClaimedCalls(store as unknown as ThreadStore, clock, rules, 'me');
  const [step] = plan(record, { now: T0, rules }).steps;
  if (step === undefined) throw new Error('nothing to do');
  return { clock, store, calls, step, work: workOf(record.key, CHANNEL) };
};

describe('ClaimedCalls', () => {
  it('lets a call start within 3 s of its claim', async () => {
    const { calls, step, work } = begin(2_900);
    expect((await calls.begin(work, step))?.claim).toMatchObject({ owner: 'me', call: 'root' });
  });

  it('does not let it start later: the claim is given back', async () => {
    const { calls, step, store, work } = begin(3_100);
    expect(await calls.begin(work, step)).toBeUndefined();
    expect(store.record.current?.delivery.claim).toBeNull();
  });

  it('keeps writing what Slack already shows until the store takes it', async () => {
    const { calls, step, store, work, clock } = begin(0);
    const claimed = await calls.begin(work, step);
    store.failures = 3;
    const shown = calls.shown(work, step.incidentId, claimed?.claim.id ?? '', ['1705329026.000100']);
    await clock.advance(5_000, () => new Promise((resolve) => setImmediate(resolve)));
    await shown;
    expect(store.record.current?.delivery).toMatchObject({ rootTs: '1705329026.000100', claim: null });
  });

  it('has a message deleted that it posted after it had lost its claim', async () => {
    const { calls, step, store, work } = begin(0);
    const claimed = await calls.begin(work, step);
    const { current } = store.record;
    if (!current || !claimed) throw new Error('no claim');
    store.record = { ...store.record, current: { ...current, delivery: { ...current.delivery, claim: null } } };
    await calls.shown(work, step.incidentId, claimed.claim.id, ['1705329026.000100']);
    expect(store.record.current?.delivery).toMatchObject({ rootTs: null, strays: ['1705329026.000100'] });
  });
});
