import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from './eventually.js';
import type { Random } from './random.js';
import type { Replicas } from './replicas.js';

/** `20 s pause`: past the lease of 15 s, so that others take over what the replica was doing. */
export type Disturbance = 'kill -9' | 'restart of Redis' | '5 s pause' | '20 s pause';

const PAUSE_MS = { '5 s pause': 5_000, '20 s pause': 20_000 } as const;
/** Of 8: one of them is the long pause. */
const HAND: readonly Disturbance[] = [
  '20 s pause',
  'kill -9',
  'restart of Redis',
  '5 s pause',
  'kill -9',
  'kill -9',
  'restart of Redis',
  'kill -9',
];
const MOST_DOWN_MS = 1_500;

/** Some of each, in any order; a long pause in each hand comes first, so that its end is still part of the run. */
export const dealDisturbances = (random: Random, count: number): Disturbance[] => {
  const dealt: Disturbance[] = [];
  while (dealt.length < count) {
    const [first, ...rest] = HAND;
    if (first !== undefined) dealt.push(first);
    while (rest.length > 0) dealt.push(...rest.splice(random.between(0, rest.length - 1), 1));
  }
  return dealt.slice(0, count);
};

/** What may happen to replicas and their Redis. A paused replica comes back by itself; one always runs. */
export class Disturbances {
  private readonly counts: Partial<Record<Disturbance, number>> = {};
  private readonly paused = new Map<number, Promise<void>>();

  constructor(
    private readonly replicas: Replicas,
    private readonly random: Random,
  ) {}

  get count(): number {
    return Object.values(this.counts).reduce((sum, one) => sum + one, 0);
  }

  get told(): string {
    return Object.entries(this.counts)
      .map(([kind, count]) => `${count} × ${kind}`)
      .join(', ');
  }

  /** Resolves when it is done; a pause, when it has begun. */
  async happen(kind: Disturbance): Promise<void> {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (kind === 'kill -9') await this.kill();
    else if (kind === 'restart of Redis') await this.restartRedis();
    else await this.pause(PAUSE_MS[kind]);
  }

  /** Resolves when no replica is paused any more. */
  async over(): Promise<void> {
    await Promise.all(this.paused.values());
  }

  private async kill(): Promise<void> {
    const n = await this.one();
    await this.replicas.at(n).kill9();
    await pause(this.random.between(0, MOST_DOWN_MS));
    this.replicas.startAgain(n);
  }

  private async restartRedis(): Promise<void> {
    const { redis } = this.replicas;
    if (this.random.chance(0.5)) await redis.stop();
    else await redis.kill9();
    await pause(this.random.between(0, MOST_DOWN_MS));
    await redis.startAgain();
  }

  private async pause(ms: number): Promise<void> {
    const n = await this.one();
    this.replicas.pause(n);
    const over = pause(ms).then(() => {
      this.replicas.resume(n);
      this.paused.delete(n);
    });
    this.paused.set(n, over);
  }

  /** Any replica that runs, once another one beside it does. */
  private one(): Promise<number> {
    return eventually('replicas that run', () => {
      const running = this.replicas.all.flatMap((service, n) =>
        service.isListening && !service.hasEnded && !this.paused.has(n) ? [n] : [],
      );
      return running.length > 1 && [this.random.pick(running)];
    }).then(([n = 0]) => n);
  }
}
