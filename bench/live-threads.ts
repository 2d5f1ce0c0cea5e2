import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, startService, type Child } from './child.js';
import { say, type Figure } from './figures.js';
import { writeLiveStore } from './live-store.js';
import { load, median } from './load.js';
import { outOf } from './payloads.js';

const MANY = 100_000;
const FEW = 1_000;
const ROUNDS = 3;
const SECONDS = 4;
const MEGABYTE = 1_000_000;

/** Milliseconds from the process' start until GET /health answers 200. */
const healthyAfter = async (start: () => Promise<Child>): Promise<{ child: Child; ms: number }> => {
  const before = performance.now();
  const child = await start();
  const answer = await fetch(`${child.url}/health`);
  if (!answer.ok) throw new Error(`/health answered ${String(answer.status)}`);
  return { child, ms: performance.now() - before };
};

/** What 100,000 live threads cost: memory, restart, and speed beside 1,000. */
export const liveThreads = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const files = { many: join(folder, 'many.json'), few: join(folder, 'few.json') };
  say(`writing ${String(MANY)} live threads`);
  await writeLiveStore(files.many, MANY);
  await writeLiveStore(files.few, FEW);
  say(`store file: ${(statSync(files.many).size / MEGABYTE).toFixed(0)} MB`);

  const restarts: number[] = [];
  const loaded: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { child, ms } = await healthyAfter(() => startService(files.many, slack.url));
    restarts.push(ms);
    loaded.push(child.rss());
    say(`restart: healthy after ${ms.toFixed(0)} ms, ${(child.rss() / MEGABYTE).toFixed(0)} MB`);
    await child.stop('SIGKILL');
  }

  const rates: Record<'many' | 'few', number[]> = { many: [], few: [] };
  let underLoad = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, population] of [
      ['few', FEW],
      ['many', MANY],
    ] as const) {
      const service = await startService(files[name], slack.url);
      const body = outOf(population, 10);
      await load({ url: service.url, seconds: 2, body });
      rates[name].push(await load({ url: service.url, seconds: SECONDS, body }));
      if (name === 'many') underLoad = Math.max(underLoad, service.rss());
      say(`${name}: ${String(rates[name].at(-1)?.toFixed(0))} webhooks of 10 a second`);
      await service.stop('SIGKILL');
    }
  }
  await slack.stop('SIGKILL');

  const ratio = median(rates.many) / median(rates.few);
  const rss = Math.max(...loaded) / MEGABYTE;
  return [
    {
      what: `accept rate with ${String(MANY)} live threads`,
      measured: `${ratio.toFixed(2)} (${median(rates.many).toFixed(0)} webhooks of 10 a second)`,
      baseline: `${median(rates.few).toFixed(0)} a second with ${String(FEW)}`,
      target: '≥ 0.90',
      met: ratio >= 0.9,
    },
    {
      what: `memory of ${String(MANY)} live threads (RSS)`,
      measured: `${rss.toFixed(0)} MB (${(underLoad / MEGABYTE).toFixed(0)} MB under load)`,
      baseline: '',
      target: '≤ 400 MB',
      met: rss <= 400,
    },
    {
      what: `restart with ${String(MANY)} live threads to healthy`,
      measured: `${(median(restarts) / 1_000).toFixed(2)} s`,
      baseline: '',
      target: '≤ 3 s',
      met: median(restarts) <= 3_000,
    },
  ];
};

/** A fresh start, with nothing in the store. */
export const freshStart = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const file = join(folder, `fresh-${String(round)}.json`);
    const { child, ms } = await healthyAfter(() => startService(file, slack.url));
    times.push(ms);
    await child.stop('SIGKILL');
  }
  await slack.stop('SIGKILL');
  const ms = median(times);
  return [
    {
      what: 'fresh start to healthy',
      measured: `${(ms / 1_000).toFixed(2)} s`,
      baseline: '',
      target: '≤ 1.2 s',
      met: ms <= 1_200,
    },
  ];
};
