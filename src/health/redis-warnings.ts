import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Clock } from '../clock/clock.js';
import { RedisConnection } from '../redis/redis-connection.js';

/** Redis is asked at most this often, in milliseconds: probes come every few seconds, from many sides. */
const EVERY_MS = 30_000;
/** A part of `maxmemory`. */
const NEARLY_FULL = 0.9;

/** What an operator should change in Redis, before it loses something. */
@Injectable()
export class RedisWarnings {
  private asked: { readonly at: number; readonly warnings: Promise<readonly string[]> } | undefined;

  constructor(
    @Optional() @Inject(RedisConnection) private readonly connection: RedisConnection | null,
    private readonly clock: Clock,
  ) {}

  /** Empty without Redis, and where it does not say. */
  async now(): Promise<readonly string[]> {
    if (!this.connection) return [];
    const at = this.clock.monotonic();
    if (this.asked === undefined || at - this.asked.at >= EVERY_MS) {
      const each = Promise.all(this.connection.masters().map(warningsOf));
      this.asked = { at, warnings: each.then((all) => [...new Set(all.flat())]) };
      this.asked.warnings.catch(() => (this.asked = undefined)); // away: asked again once it is back
    }
    return this.asked.warnings.catch(() => []);
  }
}

const warningsOf = async (server: Redis): Promise<string[]> => {
  const [memory, persistence, saved] = await Promise.all([
    server.info('memory'),
    server.info('persistence'),
    snapshots(server),
  ]);
  const warnings: string[] = [];
  const policy = value(memory, 'maxmemory_policy') ?? '';
  if (policy.startsWith('allkeys-')) {
    warnings.push(`Redis may drop threads when its memory is full (${policy}): set maxmemory-policy noeviction`);
  }
  if (value(persistence, 'aof_enabled') === '0' && saved === false) {
    warnings.push('Redis keeps nothing over a restart (no AOF, no RDB): set appendonly yes');
  }
  const used = Number(value(memory, 'used_memory') ?? 0);
  const most = Number(value(memory, 'maxmemory') ?? 0);
  if (most > 0 && used > NEARLY_FULL * most) {
    const percent = Math.round((100 * used) / most);
    warnings.push(`Redis uses ${percent} % of maxmemory, and refuses changes when it is full: raise maxmemory`);
  }
  return warnings;
};

/** Whether Redis writes RDB files; undefined where we may not ask, as with many providers. */
const snapshots = async (server: Redis): Promise<boolean | undefined> => {
  try {
    const [, times] = await server.config('GET', 'save');
    return times !== undefined && times !== '';
  } catch {
    return undefined;
  }
};

const value = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
