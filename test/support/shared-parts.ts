import type { Clock } from '../../src/clock/clock.js';
import type { Work } from '../../src/delivery/delivery-queue.js';
import { InProcessPace } from '../../src/delivery/in-process-pace.js';
import type { LaneName } from '../../src/delivery/lane.js';
import { Pace } from '../../src/delivery/pace.js';
import type { PaceOptions } from '../../src/delivery/pace-limits.js';
import { TurnWakeUps, type WakeUps } from '../../src/delivery/wake-ups.js';
import { Random } from './random.js';
import type { RecordChange, ThreadStore } from '../../src/thread-store/thread-store.js';

/** What replicas share, without Redis: as Redis looks to them, in one process and on the test's clock. */

/** A way over the network: no two take equally long, so that any replica may be first. */
const way = async (): Promise<void> => {
  for (let turns = 1 + random.between(0, 4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
};

const random = new Random(4);

/** A store on the other side of a network: what is read is a copy, and others come in between. */
export const remote = (store: ThreadStore): ThreadStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === 'get') {
        return async (key: string, channel: string): Promise<unknown> => {
          await way();
          return structuredClone(await target.get(key, channel));
        };
      }
      if (name === 'pending') {
        return async (now: number, limit: number): Promise<unknown> => {
          await way();
          return structuredClone(await target.pending(now, limit));
        };
      }
      if (name === 'update') {
        return async (
          key: string,
          channel: string,
          change: RecordChange,
          members?: readonly string[],
        ): Promise<unknown> => {
          await way();
          const copied: RecordChange = (record, rolls) => {
            const copy = structuredClone(record);
            const next = change(copy, rolls);
            return next === copy ? record : next;
          };
          return structuredClone(await target.update(key, channel, copied, members));
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** One pace for all, which answers a turn later. */
export class SharedPace extends Pace {
  private readonly tokens: InProcessPace;
  /** Tokens that nobody needed in the end. */
  refunds = 0;

  constructor(clock: Clock, options: PaceOptions) {
    super(clock);
    this.tokens = new InProcessPace(clock, options);
  }

  override delay(lane: LaneName, byPerson?: boolean): number {
    return this.tokens.delay(lane, byPerson);
  }

  override take(lane: LaneName, byPerson?: boolean): number | Promise<number> {
    if (lane === 'store') return 0;
    return way().then(() => this.tokens.take(lane, byPerson));
  }

  override refund(lane: LaneName): void {
    if (lane !== 'store') this.refunds += 1;
    this.tokens.refund(lane);
  }

  override close(lane: LaneName, ms: number): void {
    this.tokens.close(lane, ms);
  }

  override closeAll(ms: number): void {
    this.tokens.closeAll(ms);
  }

  override openAll(): void {
    this.tokens.openAll();
  }
}

/** Hands what one replica tells to all others. */
export class WakeUpBus {
  private readonly replicas: BusWakeUps[] = [];
  /** Words are lost. */
  deaf = false;

  join(): WakeUps {
    const replica = new BusWakeUps((works) => {
      if (!this.deaf) for (const other of this.replicas) if (other !== replica) other.listener(works);
    });
    this.replicas.push(replica);
    return replica;
  }
}

class BusWakeUps extends TurnWakeUps {
  listener: (works: readonly Work[]) => void = () => undefined;

  constructor(protected override readonly send: (works: readonly Work[]) => void) {
    super();
  }

  override hear(listener: (works: readonly Work[]) => void): Promise<void> {
    this.listener = listener;
    return Promise.resolve();
  }
}
