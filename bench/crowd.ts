import { join } from 'node:path';
import { wideWebhook } from '../test/support/wide-webhooks.js';
import { WrittenBytes } from '../test/support/written-bytes.js';
import { startChild, type Child } from './child.js';
import { say, type Figure } from './figures.js';
import { median } from './load.js';
import { Pod } from './pod.js';
import { cli, startRedis } from './redis-world.js';

const ROUNDS = 3;
const SIZES = [8_000, 10_000] as const;
const ALERTS = 10_000;
const CHANGES = 20;
const MEGABYTE = 1_000_000;

export const plainFigure = (what: string, measured: string): Figure => ({
  what,
  measured,
  baseline: '',
  target: '',
  met: true,
});

/** One problem on many instances. */
export const crowd = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await webhooks(folder, slack, size, true)));
  figures.push(...(await webhooks(folder, slack, ALERTS, false)));
  figures.push(await changesInFile(folder, slack), await changesInRedis(folder, slack));
  await slack.stop('SIGKILL');
  return figures;
};

/** A webhook of so many alerts of one thread, twice. */
const webhooks = async (folder: string, slack: Child, size: number, isSmall: boolean): Promise<Figure[]> => {
  const body = wideWebhook(size);
  const what = `webhook of ${String(size)} alerts of one thread, ${isSmall ? 'small pod' : 'no limit of the heap'}`;
  const figures: Figure[] = [];
  const rounds: Record<'first' | 'second', { ms: number; delay: number; rss: number }[]> = { first: [], second: [] };
  const failures = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const file = join(folder, `crowd-${String(size)}-${String(round)}-${String(isSmall)}.json`);
    const pod = await Pod.start(file, slack.url, {}, isSmall);
    await pod.loopDelay();
    for (const time of ['first', 'second'] as const) {
      const answer = await pod.post(body);
      if ('failure' in answer) {
        failures.add(`${time}: ${answer.failure}`);
        say(`${what}, ${time}: ${answer.failure}`);
        break;
      }
      await pod.idle();
      const figure = { ms: answer.value, delay: await pod.loopDelay(), rss: pod.child.rss() / MEGABYTE };
      rounds[time].push(figure);
      say(`${what}, ${time}: ${told(figure)}`);
    }
    await pod.kill();
  }
  for (const time of ['first', 'second'] as const) {
    const of = (name: 'ms' | 'delay' | 'rss'): number => median(rounds[time].map((figure) => figure[name]));
    const failed = [...failures].filter((failure) => failure.startsWith(time)).join('; ');
    const shown = rounds[time].length === 0 ? '' : told({ ms: of('ms'), delay: of('delay'), rss: of('rss') });
    figures.push(
      plainFigure(`${what}, ${time}`, [shown, failed].filter((text) => text !== '').join('; ') || 'not reached'),
    );
  }
  return figures;
};

const told = ({ ms, delay, rss }: { ms: number; delay: number; rss: number }): string =>
  `${ms.toFixed(0)} ms, event loop late by ${delay.toFixed(0)} ms, RSS ${rss.toFixed(0)} MB`;

/** Single changes in the big thread, each shown before the next one. @returns undefined, or why it broke off */
const change = async (pod: Pod, after: () => void = () => undefined): Promise<string | undefined> => {
  for (let n = 0; n < CHANGES; n++) {
    const isEnd = n % 2 === 0;
    const startsAt = isEnd ? {} : { startsAt: new Date().toISOString() };
    const answer = await pod.post(
      wideWebhook(1, { from: ALERTS - 10, status: isEnd ? 'resolved' : 'firing', ...startsAt }),
    );
    if ('failure' in answer) return answer.failure;
    if (!(await pod.idle())) return 'not shown in time';
    after();
  }
  return undefined;
};

const perChange = (bytes: number): string => `${(bytes / CHANGES / 1_000).toFixed(0)} kB`;

const changesInFile = async (folder: string, slack: Child): Promise<Figure> => {
  const what = `written to the file by a change of one alert in a thread of ${String(ALERTS)}`;
  const file = join(folder, 'crowd-changes.json');
  const pod = await Pod.start(file, slack.url, {}, false);
  try {
    const answer = await pod.post(wideWebhook(ALERTS));
    if ('failure' in answer) return plainFigure(what, answer.failure);
    await pod.idle();
    const written = new WrittenBytes(file);
    const failure = await change(pod, () => written.look());
    return plainFigure(what, failure ?? perChange(written.look()));
  } finally {
    await pod.kill();
  }
};

const changesInRedis = async (folder: string, slack: Child): Promise<Figure> => {
  const what = `sent to Redis by a change of one alert in a thread of ${String(ALERTS)}`;
  const redis = await startRedis();
  const settings = { THREAD_STORE: 'redis', REDIS_URL: redis.url };
  const pod = await Pod.start(join(folder, 'unused.json'), slack.url, settings, false);
  const received = async (): Promise<number> =>
    Number(/total_net_input_bytes:(\d+)/.exec(await cli(redis, 'info', 'stats'))?.[1]);
  try {
    const answer = await pod.post(wideWebhook(ALERTS));
    if ('failure' in answer) return plainFigure(what, answer.failure);
    await pod.idle();
    const before = await received();
    const failure = await change(pod);
    return plainFigure(what, failure ?? perChange((await received()) - before));
  } finally {
    await pod.kill();
    await redis.dispose();
  }
};
