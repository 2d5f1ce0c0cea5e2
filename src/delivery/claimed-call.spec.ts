import { alertOf, CHANNEL, Story, T0 } from '../domain/domain.fixture.js';
import { plan } from '../domain/plan.js';
import type { ThreadRecord } from '../domain/record.js';
import { StoreUnavailableError, type RecordChange, type ThreadStore } from '../thread-store/thread-store.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { ClaimedCalls } from './claimed-call.js';
import { PlanContexts } from './plan-contexts.js';
import { workOf } from './delivery-queue.js';
import { NO_ROLLS } from '../domain/roll.js';

const rules = { reopenWindowMs: 1_800_000 };

/** One record, and a disk whose slowness and failures the test decides. */
class OneRecord {
  failures = 0;
  /** Called when a change is being written. */
  onWrite = (): void => undefined;

  constructor(
    public record: ThreadRecord,
    private readonly clock: ManualClock,
    private readonly slowMs: number,
  ) {}

  update(_key: string, _channel: string, change: RecordChange): Promise<ThreadRecord> {
    if (this.failures-- > 0) return Promise.reject(new StoreUnavailableError('disk full', 'ENOSPC'));
    this.clock.jump(this.slowMs);
    this.record = change(this.record, NO_ROLLS);
    this.onWrite();
    return Promise.resolve(this.record);
  }
}

const begin = (slowMs: number) => {
  const clock = new ManualClock(T0);
  const { record } = new Story().alert(0, alertOf('aa01'));
  const store = new OneRecord(record, clock, slowMs);
  const calls = new ClaimedCalls(
    store as unknown as ThreadStore,
    clock,
    new PlanContexts(clock, rules, 'me', 0, () => false),
  );
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
    if (!claimed) throw new Error('no claim');
    const shown = calls.posted(claimed, '1705329026.000100');
    await clock.advance(5_000, () => new Promise((resolve) => setImmediate(resolve)));
    await shown;
    expect(store.record.current?.delivery).toMatchObject({ rootTs: '1705329026.000100', claim: null });
  });

  it('has a message looked for once more that it posted after it had lost its claim', async () => {
    const { calls, step, store, work, clock } = begin(0);
    const claimed = await calls.begin(work, step);
    const { current } = store.record;
    if (!current || !claimed) throw new Error('no claim');
    store.record = { ...store.record, current: { ...current, delivery: { ...current.delivery, claim: null } } };
    await calls.posted(claimed, '1705329026.000100');
    expect(store.record.current?.delivery).toMatchObject({
      rootTs: null,
      doubts: [{ id: claimed.claim.id, lookAt: clock.now() + 60_000 }],
    });
  });

  it('claims nothing that another process did since it was planned', async () => {
    const { calls, step, store, work } = begin(0);
    const other = await calls.begin(work, step);
    if (!other) throw new Error('no claim');
    await calls.posted(other, '1705329026.000100');
    const before = store.record;
    expect(await calls.begin(work, step)).toBeUndefined();
    expect(store.record).toBe(before);
  });

  it('claims a reply once, and with all that waits by then', async () => {
    const { calls, step, store, work } = begin(0);
    const root = await calls.begin(work, step);
    if (!root) throw new Error('no claim');
    await calls.posted(root, '1705329026.000100');
    const joins = (name: string): void => {
      const story = new Story().change(() => store.record).alert(1_000, alertOf(name));
      store.record = story.record;
    };
    joins('aa02');
    const [reply] = plan(store.record, { now: T0, rules }).steps;
    if (reply === undefined) throw new Error('nothing to do');
    joins('aa03');
    const claimed = await calls.begin(work, reply);
    expect(claimed?.claim).toMatchObject({ call: 'reply', first: 2, last: 3 });
    if (claimed) await calls.posted(claimed, '1705329027.000100');
    expect(await calls.begin(work, reply)).toBeUndefined();
  });

  it('gives a claim back whose call has not begun when it is told to stop', async () => {
    const { calls, step, store, work } = begin(0);
    store.onWrite = () => {
      calls.stop();
    };
    expect(await calls.begin(work, step)).toBeUndefined();
    expect(store.record.current?.delivery.claim).toBeNull();
    expect(await calls.begin(work, step)).toBeUndefined();
  });
});
