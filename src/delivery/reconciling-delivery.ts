import type { Clock } from '../clock/clock.js';
import { recordId, shownTs, type ThreadRecord } from '../domain/record.js';
import type { AppLogger } from '../logging/logger.js';
import type { SlackClient } from '../slack/slack-client.js';
import type { ThreadStore } from '../thread-store/thread-store.js';
import { Delivery, type DeliveryStatus } from './delivery.js';
import { workOf, type DeliveryQueue, type Work } from './delivery-queue.js';
import type { FailurePolicy } from './failure-policy.js';
import type { LaneName } from './lane.js';
import { OTHERS_FIRST_MS, type ChangedBy, type Reconciler } from './reconciler.js';
import { isOfRecord, type RecordsApart } from './records-apart.js';
import type { WakeUps } from './wake-ups.js';

/** The safety net for a lost wake-up, and what finds work whose time has come. Milliseconds. */
const SWEEP_EVERY_MS = 3_000;
/** Records that a sweep looks at, the longest waiting ones; those of a long backlog are in the queue anyway. */
const SWEEP_LIMIT = 1_000;
const SWEEP_ALL_EVERY_MS = 60_000;
/** How often records that are set apart are looked through for those whose next try is due. Milliseconds. */
const APART_EVERY_MS = 5_000;
/** History that is older than RETENTION is forgotten so often. Milliseconds. */
const PRUNE_EVERY_MS = 3_600_000;
/**
 * Finished incidents that are kept at most, whatever RETENTION says: somebody can make any number of short problems, and
 * each takes some 300 bytes of memory until it is forgotten.
 */
export const MAX_HISTORY = 100_000;
/** So many times as much is cut at the next sweep of all; less waits for its hour. */
const WELL_ABOVE = 1.1;
/** Records looked at before other work gets its turn. */
const WAKES_PER_TURN = 64;

const NO_LANES: ReadonlySet<LaneName> = new Set();

/** Work started before a stop has this long to end. Milliseconds. */
const STOP_WITHIN_MS = 10_000;

export interface DeliveryParts {
  readonly store: ThreadStore;
  readonly slack: SlackClient;
  readonly queue: DeliveryQueue;
  readonly reconciler: Reconciler;
  readonly policy: FailurePolicy;
  readonly apart: RecordsApart;
  readonly clock: Clock;
  readonly logger: AppLogger;
  readonly retentionMs: number;
  /** Finished incidents that are kept at most. */
  readonly maxHistory: number;
  /** Other processes work on the same store. */
  readonly shared: boolean;
  readonly wakeUps: WakeUps;
  readonly random: () => number;
}

/** Runs the reconciler: on each wake-up, on time, and over everything that was left at the start. */
export class ReconcilingDelivery extends Delivery {
  /** Keys by channel; a storm wakes tens of thousands a second. */
  private readonly woken = new Map<string, Set<string>>();
  private handling = false;
  /** Records that other replicas told of, to be looked at together. */
  private readonly heard = new Map<string, Work>();
  private readonly waiters = new Map<string, Set<(ts: string) => void>>();
  private timers: (() => void)[] = [];
  private stopped = false;

  constructor(private readonly parts: DeliveryParts) {
    super();
    parts.reconciler.onStep((work, record) => {
      this.tellWaiters(work, record);
      parts.wakeUps.tell(work);
    });
  }

  /** Begins to work; what was left by an earlier run is found by the first sweep. */
  async start(): Promise<void> {
    const { queue, reconciler, wakeUps } = this.parts;
    queue.start((work, lane) => reconciler.run(work, lane));
    await wakeUps.hear((works) => {
      this.hear(works);
    });
    await this.sweep(Infinity).catch((error: unknown) => {
      this.parts.logger.error({ err: error }, 'first sweep failed: the next one follows');
    });
    this.every(SWEEP_EVERY_MS, () => this.sweep(SWEEP_LIMIT));
    this.every(SWEEP_ALL_EVERY_MS, async () => {
      await this.sweep(Infinity);
      await this.pruneIfMany();
    });
    this.every(APART_EVERY_MS, () => this.tryApart());
    this.every(PRUNE_EVERY_MS, () => this.prune());
  }

  /** Takes no new work and waits for the running calls, at most 10 s; what is left is found at the next start, or by others. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.timers) cancel();
    const { queue, reconciler, clock, wakeUps } = this.parts;
    reconciler.stop();
    await Promise.race([queue.stop(), clock.pause(STOP_WITHIN_MS)]);
    wakeUps.flush();
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
    const { queue, policy, apart, slack } = this.parts;
    return { ready: queue.depth(), outages: policy.list(), apart: apart.list(), calls: slack.calls() };
  }

  private async handleWoken(): Promise<void> {
    try {
      await this.lookAtWoken();
    } catch (error) {
      this.parts.logger.error({ err: error }, 'delivery task failed');
    }
    this.handling = this.woken.size > 0;
    if (this.handling) setImmediate(() => void this.handleWoken());
  }

  private async lookAtWoken(): Promise<void> {
    const { shared, wakeUps } = this.parts;
    const looking: Promise<void>[] = [];
    let left = WAKES_PER_TURN;
    for (const [channel, keys] of this.woken) {
      for (const key of keys) {
        if (left === 0) break;
        left -= 1;
        keys.delete(key);
        const work = workOf(key, channel);
        wakeUps.tell(work);
        const look = this.look(work);
        // Over a network they go together; from memory one after the other costs less.
        if (shared) looking.push(look);
        else await look;
      }
      if (keys.size === 0) this.woken.delete(channel);
    }
    await Promise.all(looking);
  }

  private async look(work: Work, changedBy: ChangedBy = 'us'): Promise<void> {
    const { store, reconciler, logger, queue, apart } = this.parts;
    try {
      const record = await store.get(work.key, work.channel);
      if (record === undefined) apart.settled(work);
      else reconciler.place(work, record, changedBy);
      if (changedBy === 'us') return;
      if (record === undefined) queue.keepOnly(work, NO_LANES);
      else this.tellWaiters(work, record);
    } catch (error) {
      if (isOfRecord(error)) apart.failed(work, 'failed', error);
      // The sweep finds it.
      else logger.warn({ threadKey: work.key, channel: work.channel, err: error }, 'record could not be read');
    }
  }

  /** Another replica changed these. It goes first, unless somebody here waits for the thread. */
  private hear(works: readonly Work[]): void {
    const { clock, random } = this.parts;
    for (const work of works) {
      if (this.waiters.has(work.id)) void this.look(work, 'others');
      else {
        if (this.heard.size === 0) {
          clock.after(OTHERS_FIRST_MS * (0.5 + random()), () => void this.lookAtHeard());
        }
        this.heard.set(work.id, work);
      }
    }
  }

  private async lookAtHeard(): Promise<void> {
    const works = [...this.heard.values()];
    this.heard.clear();
    for (let at = 0; at < works.length && !this.stopped; at += WAKES_PER_TURN) {
      await Promise.all(works.slice(at, at + WAKES_PER_TURN).map((work) => this.look(work, 'others')));
    }
  }

  private tellWaiters(work: Work, record: ThreadRecord): void {
    const set = this.waiters.get(work.id);
    const ts = set && shownTs(record);
    if (set && ts) for (const tell of [...set]) tell(ts);
  }

  private async sweep(limit: number): Promise<void> {
    const { store, queue, reconciler, apart, clock, shared } = this.parts;
    const waiting = shared && limit === Infinity ? queue.works() : [];
    const stale = new Map(waiting.map((work) => [work.id, work]));
    // Those set apart stay due: they must not take the places of others.
    for (const record of await store.pending(clock.now(), limit + apart.size)) {
      const work = workOf(record.key, record.channel);
      stale.delete(work.id);
      if (!queue.has(work) && !apart.holds(work)) reconciler.place(work, record);
    }
    // In the queue, but not waiting: others did it, and the word of it was lost.
    for (const work of stale.values()) await this.look(work, 'others');
  }

  private async tryApart(): Promise<void> {
    for (const work of this.parts.apart.due()) if (!this.stopped) await this.look(work);
  }

  private async prune(): Promise<void> {
    const { store, clock, retentionMs, maxHistory, logger } = this.parts;
    const before = clock.now() - retentionMs;
    const forgotten = await store.prune(before);
    if (forgotten > 0) logger.info({ forgotten }, 'old incidents forgotten');
    const cut = await store.prune(before, maxHistory);
    if (cut > 0) {
      logger.warn(
        { forgotten: cut, kept: maxHistory },
        'too many resolved incidents: the oldest were forgotten before RETENTION was over',
      );
    }
  }

  private async pruneIfMany(): Promise<void> {
    const { store, maxHistory } = this.parts;
    const { archived } = await store.counts();
    if (archived > WELL_ABOVE * maxHistory) await this.prune();
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
