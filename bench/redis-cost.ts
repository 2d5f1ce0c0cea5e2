import { setTimeout as pause } from 'node:timers/promises';
import type { RedisServer } from '../test/support/redis-server.js';
import { startChild } from './child.js';
import { say, type Figure } from './figures.js';
import { fresh, repeated, resolvedTwin } from './payloads.js';
import { cli, loadAll, startRedis, startReplicas } from './redis-world.js';

const WEBHOOKS = 1_920;
const IDLE_MS = 10_000;
/** Below this share of the alerts a command is what the background does. */
const BACKGROUND = 0.05;

type Calls = ReadonlyMap<string, number>;

/** Redis commands for each alert of a webhook of one; what a script calls counts beside the script. */
export const redisCost = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const redis = await startRedis();
  const services = await startReplicas(folder, slack.url, redis);
  await loadAll(services, repeated(1), { seconds: 1 });

  const next = fresh(1);
  const firing = Array.from({ length: WEBHOOKS }, () => next());
  const over = firing.map(resolvedTwin);
  const cases = [
    ['new', firing],
    ['repeated', firing],
    ['resolving', over],
  ] as const;
  const figures: Figure[] = [];
  for (const [what, bodies] of cases) {
    let n = 0;
    const before = await callsOf(redis);
    await loadAll(services, () => bodies[n++ % bodies.length] ?? '', { amount: WEBHOOKS });
    const cost = told(since(before, await callsOf(redis)), WEBHOOKS);
    say(`commands for an alert that is ${what}: ${cost}`);
    figures.push({ what: `Redis commands for an alert, ${what}`, measured: cost, baseline: '', target: '', met: true });
  }
  await Promise.all(services.map((service) => service.stop('SIGKILL')));

  const idle = await startReplicas(folder, slack.url, redis, 2);
  await pause(2_000);
  const before = await callsOf(redis);
  await pause(IDLE_MS);
  const cost = told(since(before, await callsOf(redis)), IDLE_MS / 1_000);
  figures.push({
    what: 'Redis commands a second, two idle replicas',
    measured: cost,
    baseline: '',
    target: '',
    met: true,
  });
  await Promise.all(idle.map((service) => service.stop('SIGKILL')));
  await redis.dispose();
  await slack.stop('SIGKILL');
  return figures;
};

const callsOf = async (redis: RedisServer): Promise<Calls> => {
  const lines = (await cli(redis, 'info', 'commandstats')).matchAll(/cmdstat_([^:]+):calls=(\d+)/g);
  return new Map([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
};

const since = (before: Calls, after: Calls): Calls =>
  new Map([...after].map(([name, calls]) => [name, calls - (before.get(name) ?? 0)]));

const told = (calls: Calls, per: number): string => {
  const each = [...calls]
    .map(([name, count]) => [name.replace('|', ' '), count / per] as const)
    .filter(([name, count]) => count >= BACKGROUND && name !== 'info')
    .sort((a, b) => b[1] - a[1]);
  const sum = each.reduce((all, [, count]) => all + count, 0);
  return `${sum.toFixed(1)}: ${each.map(([name, count]) => `${name} ${count.toFixed(1)}`).join(', ')}`;
};
