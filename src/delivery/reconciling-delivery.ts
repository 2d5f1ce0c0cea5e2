import type { Clock } from '../clock/clock.js';
import { recordId, shownTs, type ThreadRecord } from '../domain/record.js';
import type { AppLogger } from '../logging/logger.js';
import type { SlackClient } from '../slack/slack-client.js';
import type { ThreadStore } from '../thread-store/thread-store.js';
import { Delivery, type DeliveryStatus } from './delivery.js';
import { workOf, type DeliveryQueue, type Work } from './delivery-queue.js';
import type { FailurePolicy } from './failure-policy.js';
import type { LaneName } from './lane.js';
import type { Reconciler } from './reconciler.js';

/** The safety net for a lost wake-up, and what finds work whose time has come. Milliseconds. */
const SWEEP_EVERY_MS = 3_000;
/** Records that a sweep looks at, the longest waiting ones; those of a long backlog are in the queue anyway. */
const SWEEP_LIMIT = 1_000;
const SWEEP_ALL_EVERY_MS = 60_000;
/** History that is older than RETENTION is forgotten so often. Milliseconds. */
const PRUNE_EVERY_MS = 3_600_000;
/** Records looked at before other work gets its turn. */
const WAKES_PER_TURN = 64;

/** Work started before a stop has this long to end. Milliseconds. */
const STOP_WITHIN_MS = 10_000;

export interface DeliveryParts {
  readonly store: ThreadStore;
  readonly slack: SlackClient;
  readonly queue: DeliveryQueue;
  readonly reconciler: Reconciler;
  readonly policy: FailurePolicy;
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly retentionMs: number;
}

/** Runs the reconciler: on each wake-up, on time, and over everything that was left at the start. */
export class ReconcilingDelivery extends Delivery {
  /** Keys by channel; a storm wakes tens of thousands a second. */
  private readonly woken = new Map<string, Set<string>>();
  private handling = false;
  private readonly waiters = new Map<string, Set<(ts: string) => void>>();
  private timers: (() => void)[] = [];
  private stopped = false;

  constructor(private readonly parts: DeliveryParts) {
    super();
    parts.reconciler.onStep((work, record) => {
      this.tellWaiters(work, record);
    });
  }

  /** Begins to work; what was left by an earlier run is found by the first sweep. */
  async start(): Promise<void> {
    const { queue, reconciler } = this.parts;
    queue.start((work, lane) => reconciler.run(work, lane));
    await this.sweep(Infinity);
    this.every(SWEEP_EVERY_MS, () => this.sweep(SWEEP_LIMIT));
    this.every(SWEEP_ALL_EVERY_MS, () => this.sweep(Infinity));
    this.every(PRUNE_EVERY_MS, () => this.prune());
  }

  /** Takes no new work and waits for the running calls, at most 10 s; what is left is found at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.timers) cancel();
    const { queue, reconciler, clock } = this.parts;
    reconciler.stop();
    await Promise.race([
      queue.stop(),
      new Promise<void>((resolve) => {
        clock.after(STOP_WITHIN_MS, resolve);
      }),
    ]);
  }

  override wake(key: string, channel: string): void {
    let keys = this.woken.get(channel);
    if (keys === undefined) this.woken.set(channel, (keys = new Set()));
    keys.add(key);
    if (this.handling) return;
    this.handling = true;
    setImmediate(() => void this.handleWoken());
  }

  override async threadShown(key: string, channel: string, ms: number): Promise<string | null> {
    const id = recordId(key, channel);
    const record = await this.parts.store.get(key, channel);
    const known = record && shownTs(record);
    if (known || ms <= 0) return known ?? null;
    return new Promise((resolve) => {
      const set = this.waiters.get(id) ?? new Set();
      this.waiters.set(id, set);
      const settle = (ts: string | null): void => {
        cancel();
        set.delete(settle);
        if (set.size === 0) this.waiters.delete(id);
        resolve(ts);
      };
      const cancel = this.parts.clock.after(ms, () => {
        settle(null);
      });
      set.add(settle);
    });
  }

  override status(): DeliveryStatus {
    const { queue, policy, slack } = this.parts;
    const { threads, byLane, oldestWaitingMs } = queue.depth();
    const depthByChannel: Record<string, number> = {};
    for (const [lane, depth] of Object.entries(byLane) as [LaneName, number][]) {
      if (lane.startsWith('posts:')) depthByChannel[lane.slice('posts:'.length)] = depth;
    }
    return { depth: threads, depthByChannel, oldestWaitingMs, outages: policy.list(), calls: slack.calls() };
  }

  private async handleWoken(): Promise<void> {
    let left = WAKES_PER_TURN;
    for (const [channel, keys] of this.woken) {
      for (const key of keys) {
        if (left === 0) break;
        left -= 1;
        keys.delete(key);
        await this.look(workOf(key, channel));
      }
      if (keys.size === 0) this.woken.delete(channel);
    }
    this.handling = this.woken.size > 0;
    if (this.handling) setImmediate(() => void this.handleWoken());
  }

  private async look(work: Work): Promise<void> {
    const { store, reconciler, logger } = this.parts;
    try {
      const record = await store.get(work.key, work.channel);
      if (record !== undefined) reconciler.place(work, record);
    } catch (error) {
      // The sweep finds it.
      logger.warn({ threadKey: work.key, channel: work.channel, err: error }, 'record could not be read');
    }
  }

  private tellWaiters(work: Work, record: ThreadRecord): void {
    const set = this.waiters.get(work.id);
    const ts = set && shownTs(record);
    if (set && ts) for (const tell of [...set]) tell(ts);
  }

  private async sweep(limit: number): Promise<void> {
    const { store, queue, reconciler, clock } = this.parts;
    for (const record of await store.pending(clock.now(), limit)) {
      const work = workOf(record.key, record.channel);
      if (!queue.has(work)) reconciler.place(work, record);
    }
  }

  private async prune(): Promise<void> {
    const { store, clock, retentionMs, logger } = this.parts;
    const forgotten = await store.prune(clock.now() - retentionMs);
    if (forgotten > 0) logger.info({ forgotten }, 'old incidents forgotten');
  }

  /** Repeats a task, never two at once; a failure is logged, and the next turn comes all the same. */
  private every(ms: number, task: () => Promise<void>): void {
    const slot = this.timers.length;
    const again = (): void => {
      if (this.stopped) return;
      this.timers[slot] = this.parts.clock.after(ms, () => {
        void task()
          .catch((error: unknown) => {
            this.parts.logger.error({ err: error }, 'delivery task failed');
          })
          .finally(again);
      });
    };
    this.timers.push(() => undefined);
    again();
  }
}
