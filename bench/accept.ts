import { join } from 'node:path';
import { startChild, startService, type Child } from './child.js';
import { ratioFigure, say, type Figure } from './figures.js';
import { load, median } from './load.js';
import { fresh, repeated } from './payloads.js';

const ROUNDS = 3;
const SECONDS = 4;

interface Case {
  readonly what: string;
  readonly body: () => () => string;
  readonly target: number;
}

const CASES: readonly Case[] = [
  { what: '100 repeated alerts a webhook', body: () => repeated(100), target: 0.4 },
  { what: '100 new alerts a webhook', body: () => fresh(100), target: 0.12 },
  { what: '1 repeated alert a webhook', body: () => repeated(1), target: 0.35 },
  { what: '1 new alert a webhook', body: () => fresh(1), target: 0.35 },
];

/** Webhooks accepted a second, beside a bare node:http server that parses the same JSON, in turn. */
export const accept = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const bare = await startChild('bench/bare-server.mjs');
  const figures: Figure[] = [];
  for (const { what, body, target } of CASES) {
    const ours: number[] = [];
    const base: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      base.push(await load({ url: bare.url, seconds: SECONDS, body: body() }));
      ours.push(await inFreshService(folder, slack, `${what} ${String(round)}`, body()));
      say(`${what}: ${String(ours.at(-1)?.toFixed(0))} beside ${String(base.at(-1)?.toFixed(0))} a second`);
    }
    figures.push(ratioFigure(what, median(ours), median(base), target));
  }
  await bare.stop('SIGKILL');
  await slack.stop('SIGKILL');
  return figures;
};

/** Each round has a store of its own, so that what an earlier one left weighs on none. */
const inFreshService = async (folder: string, slack: Child, name: string, body: () => string): Promise<number> => {
  const service = await startService(join(folder, `${name.replaceAll(' ', '-')}.json`), slack.url);
  try {
    await load({ url: service.url, seconds: 1, body }); // warm
    return await load({ url: service.url, seconds: SECONDS, body });
  } finally {
    await service.stop('SIGKILL');
  }
};
