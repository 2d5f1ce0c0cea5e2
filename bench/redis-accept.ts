import { startChild, type Child } from './child.js';
import { say, type Figure } from './figures.js';
import { median } from './load.js';
import { fresh, repeated, resolvedTwin } from './payloads.js';
import { loadAll, setRate, startRedis, startReplicas } from './redis-world.js';

const ROUNDS = 3;
const SECONDS = 3;

interface Case {
  readonly what: string;
  readonly alerts: number;
  /** @returns webhooks a second */
  readonly measure: (services: readonly Child[]) => Promise<number>;
}

/** Senders of large webhooks are few. */
const FEW = 8;

const connectionsFor = (alerts: number): object => (alerts > 1 ? { connections: FEW } : {});

const steadily = (services: readonly Child[], alerts: number, body: () => string): Promise<number> =>
  loadAll(services, body, { seconds: SECONDS, ...connectionsFor(alerts) });

/** Alerts that fire first, which is not measured, and then resolve. */
const resolving = async (services: readonly Child[], alerts: number, webhooks: number): Promise<number> => {
  const next = fresh(alerts);
  const firing = Array.from({ length: webhooks }, () => next());
  const inTurn = (bodies: readonly string[]): (() => string) => {
    let n = 0;
    return () => bodies[n++ % bodies.length] ?? '';
  };
  await loadAll(services, inTurn(firing), { amount: webhooks, ...connectionsFor(alerts) });
  return loadAll(services, inTurn(firing.map(resolvedTwin)), { amount: webhooks, ...connectionsFor(alerts) });
};

const CASES: readonly Case[] = [
  { what: '100 repeated', alerts: 100, measure: (services) => steadily(services, 100, repeated(100)) },
  { what: '100 new', alerts: 100, measure: (services) => steadily(services, 100, fresh(100)) },
  { what: '100 resolving', alerts: 100, measure: (services) => resolving(services, 100, 192) },
  { what: '1 repeated', alerts: 1, measure: (services) => steadily(services, 1, repeated(1)) },
  { what: '1 new', alerts: 1, measure: (services) => steadily(services, 1, fresh(1)) },
  { what: '1 resolving', alerts: 1, measure: (services) => resolving(services, 1, 6_400) },
];

/** Alerts accepted a second with Redis, one replica and two, beside the file store and Redis' own SETs, in turn. */
export const redisAccept = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const redis = await startRedis();
  const sets: number[] = [];
  const figures: Figure[] = [];
  for (const { what, alerts, measure } of CASES) {
    const rates = { file: [] as number[], one: [] as number[], two: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      sets.push(await setRate(redis));
      for (const [name, store, count] of [
        ['file', undefined, 1],
        ['one', redis, 1],
        ['two', redis, 2],
      ] as const) {
        const services = await startReplicas(folder, slack.url, store, count);
        try {
          await loadAll(services, repeated(1), { seconds: 1 }); // warm
          rates[name].push(alerts * (await measure(services)));
        } finally {
          await Promise.all(services.map((service) => service.stop('SIGKILL')));
        }
      }
      say(
        `${what}: file, one, two: ${Object.values(rates)
          .map((all) => all.at(-1)?.toFixed(0))
          .join(', ')} alerts a second`,
      );
    }
    const [file, one, two] = [median(rates.file), median(rates.one), median(rates.two)];
    figures.push({
      what: `${what}, alerts a second with Redis`,
      measured: `one replica ${one.toFixed(0)}, two ${two.toFixed(0)}`,
      baseline: `file store ${file.toFixed(0)} (${(one / file).toFixed(2)})`,
      target: '',
      met: true,
    });
  }
  await redis.dispose();
  await slack.stop('SIGKILL');
  const figure = { what: "Redis' own SETs a second", baseline: '', target: '', met: true };
  return [
    {
      ...figure,
      measured: `${median(sets).toFixed(0)} (${Math.min(...sets).toFixed(0)} to ${Math.max(...sets).toFixed(0)})`,
    },
    ...figures,
  ];
};
