import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.js';
import { shownTs, type ThreadRecord } from '../domain/record.js';
import type { RedisConnection } from '../redis/redis-connection.js';
import { applyChanges, type WaitingChange } from './apply-changes.js';
import { Gate } from './gate.js';
import { indexChanges } from './redis-facts.js';
import { fieldOf, type RedisKeys } from './redis-keys.js';
import type { RedisMirror } from './redis-mirror.js';
import type { RollRows } from '../domain/staged-rolls.js';
import type { RedisRecords, Stored } from './redis-records.js';
import { rollChanges, type RedisRolls } from './redis-rolls.js';
import type { RedisUnreadable } from './redis-unreadable.js';
import type { ReplicaWait } from './redis-replica-wait.js';
import { CHANGE, PLACES, WRITE_ID, WRITTEN, WRITTEN_MIRROR } from './redis-scripts.js';
import { StoreUnavailableError, type RecordChange } from './thread-store.js';

/** How often a change is made again when another process was faster, and how long it waits at most before. */
const CONFLICTS = { most: 100, waitMs: 20 };
/**
 * A connection that breaks while something is on its way may be back within this time of its start, since who waits is
 * told within a second; looked for this often. Milliseconds.
 */
const BACK = { withinMs: 600, everyMs: 50 };
/** Codes of a connection that broke: what was sent may have been done. */
const LOST = /^(connection|E[A-Z]+)$/;
/** Codes after which nobody needs to try as well. */
const AWAY = /^(time_out|connection|E[A-Z]+)$/;
/** Records changed at a time. A webhook may name thousands: all at once, the last would wait too long for its answer. */
const AT_A_TIME = 200;

/** How a write over a record that was read ended. */
interface Put {
  /** What another one has written meanwhile ('': it has removed the record); without it ours is durable. */
  readonly faster?: string;
  /** Why the plain key could not follow: Redis went away in between. */
  readonly mirrorFault?: unknown;
}

/**
 * Changes records: read, change, write over what was read. What comes for a record meanwhile is written together next,
 * so that one process never competes with itself.
 */
export class RedisWriter {
  private readonly waiting = new Map<string, WaitingChange[]>();
  private readonly self = randomBytes(6).toString('base64url');
  private readonly gate = new Gate(AT_A_TIME);
  private writes = 0;
  private idle = (): void => undefined;

  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly records: RedisRecords,
    private readonly rolls: RedisRolls,
    private readonly unreadable: RedisUnreadable,
    private readonly mirror: RedisMirror,
    private readonly replicas: ReplicaWait,
    private readonly clock: Clock,
  ) {}

  update(key: string, channel: string, change: RecordChange, members: readonly string[] = []): Promise<ThreadRecord> {
    return new Promise((resolve, reject) => {
      const field = fieldOf({ key, channel });
      const one: WaitingChange = { change, members, resolve, reject };
      const others = this.waiting.get(field);
      if (others !== undefined) {
        others.push(one);
        return;
      }
      const queue = [one];
      this.waiting.set(field, queue);
      void this.work(key, channel, field, queue);
    });
  }

  /** Resolves once nothing is on its way. */
  async drained(): Promise<void> {
    while (this.waiting.size > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  private async work(key: string, channel: string, field: string, queue: WaitingChange[]): Promise<void> {
    while (queue.length > 0) {
      try {
        await this.gate.enter();
      } catch (error) {
        for (const { reject } of queue.splice(0)) reject(error);
        break;
      }
      await this.workOff(key, channel, field, queue);
      this.gate.leave();
    }
    this.waiting.delete(field);
    this.idle();
  }

  private async workOff(key: string, channel: string, field: string, queue: WaitingChange[]): Promise<void> {
    let batch: WaitingChange[] = [];
    try {
      const stored = await this.again(() => this.read(key, channel));
      batch = queue.splice(0);
      const away = await this.write(field, stored, batch);
      // Who came meanwhile would wait as long once more.
      if (away !== undefined)
        for (const { reject } of queue.splice(0)) reject(this.connection.fault('write thread store', away));
    } catch (error) {
      const isAway = error instanceof StoreUnavailableError && AWAY.test(error.code);
      // So would what came meanwhile.
      for (const { reject } of batch.length === 0 || isAway ? [...batch, ...queue.splice(0)] : batch) reject(error);
      if (isAway) this.gate.refuse(error);
    }
  }

  /** @returns why the plain key could not follow; undefined: it has */
  private async write(field: string, first: Stored, batch: readonly WaitingChange[]): Promise<unknown> {
    let stored = first;
    let waiting = batch;
    for (let conflicts = 0; conflicts < CONFLICTS.most; conflicts++) {
      const old = stored.writeId === '' ? undefined : stored.record;
      const { record } = stored;
      const members = waiting.flatMap((one) => one.members);
      const known = await this.again(() => this.reading(this.rolls.read(record, members)));
      const { next, rows, changed, results, thrown } = applyChanges(old, record, waiting, known);
      for (const [{ reject }, error] of thrown) reject(error);
      const nothing = !changed || (old === undefined && next === undefined && !stored.adopted);
      const { faster, mirrorFault }: Put = nothing ? {} : await this.put(field, stored, old, next, rows);
      if (faster === undefined) {
        for (const [{ resolve }, record] of results) resolve(record);
        return mirrorFault;
      }
      waiting = results.map(([one]) => one);
      if (conflicts > 0) await this.clock.pause(Math.random() * CONFLICTS.waitMs);
      const { key, channel } = stored.record;
      stored = (faster === '' ? undefined : this.records.parse(field, faster)) ?? (await this.read(key, channel));
    }
    throw new StoreUnavailableError(`change of ${field}: others change it all the time`, 'contention');
  }

  /** The record as it is. A value that nobody can read is moved beside first: the alert must not wait for people. */
  private async read(key: string, channel: string): Promise<Stored> {
    const stored = await this.records.read(key, channel);
    if (!stored.unreadable) return stored;
    await this.unreadable.setAside(key, channel).catch((error: unknown) => {
      throw this.connection.fault('set an unreadable record aside', error);
    });
    await this.mirror.follow(fieldOf({ key, channel }), '');
    return this.records.read(key, channel);
  }

  private async put(
    field: string,
    { record, writeId, adopted }: Stored,
    old: ThreadRecord | undefined,
    next: ThreadRecord | undefined,
    rows: RollRows,
  ): Promise<Put> {
    const shard = this.keys.shard(record.key);
    const rolls = rollChanges(shard, rows, old, next);
    const own = this.nextWriteId();
    const answer = await this.send([
      ...[shard.records, shard.due, shard.find, shard.threads, shard.mirror, shard.silenced],
      ...[shard.firing, shard.acknowledged, shard.resolved, shard.history, shard.severities, shard.behind],
      ...rolls.keys,
      ...[shard.live, shard.folds],
      ...[field, writeId, own, next === undefined ? '' : `${own} ${JSON.stringify(next)}`],
      ...indexChanges(old, next),
      ...rolls.pairs,
      // The earlier version's key is ours to delete.
      ...(adopted && next === undefined ? [`+${PLACES.mirror}`, field] : []),
    ]);
    if (answer !== WRITTEN && answer !== WRITTEN_MIRROR) return { faster: String(answer) };
    const [mirrorFault] = await Promise.all([
      answer === WRITTEN_MIRROR ? this.mirror.follow(field, (next && shownTs(next)) ?? '') : undefined,
      this.replicas.wait(),
    ]);
    return { mirrorFault };
  }

  private async reading<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.connection.fault('read thread store', error);
    }
  }

  /** A change whose answer was lost is sent once more: it finds its own write id where it was made, and is not made twice. */
  private async send(args: readonly (string | number)[]): Promise<unknown> {
    let lost: unknown;
    const answer = await this.again(
      () => this.connection.run(CHANGE, ...args),
      (error) => (lost = error),
    );
    if (lost === undefined || typeof answer !== 'string') return answer;
    const message = 'a change may have been made, and others have changed the record since';
    throw new StoreUnavailableError(message, 'ambiguous', { cause: lost });
  }

  /** Once more, where the connection breaks on the way and is soon back. */
  private async again<T>(work: () => Promise<T>, onLost: (error: unknown) => void = () => undefined): Promise<T> {
    const wasThere = this.connection.status().state === 'connected';
    const began = this.clock.monotonic();
    try {
      return await work();
    } catch (error) {
      if (!wasThere || !(error instanceof StoreUnavailableError) || !LOST.test(error.code)) throw error;
      if (!(await this.isBack(began + BACK.withinMs))) throw error;
      onLost(error);
      return work();
    }
  }

  private async isBack(until: number): Promise<boolean> {
    while (this.clock.monotonic() < until) {
      await this.clock.pause(BACK.everyMs);
      if (this.connection.status().state === 'connected') return true;
    }
    return false;
  }

  /** Of this write alone, over all processes. */
  private nextWriteId(): string {
    this.writes = (this.writes + 1) % 36 ** (WRITE_ID - this.self.length);
    return this.self + this.writes.toString(36).padStart(WRITE_ID - this.self.length, '0');
  }
}
