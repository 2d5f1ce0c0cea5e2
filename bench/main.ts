import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept } from './accept.js';
import { cold } from './cold.js';
import { crowd } from './crowd.js';
import { asTable, say, type Figure } from './figures.js';
import { latency } from './latency.js';
import { flood } from './flood.js';
import { freshStart, liveThreads } from './live-threads.js';
import { people } from './people.js';
import { redisAccept } from './redis-accept.js';
import { redisCost } from './redis-cost.js';
import { redisMemory } from './redis-memory.js';

const BENCHES: Readonly<Record<string, (folder: string) => Promise<Figure[]>>> = {
  accept,
  latency,
  live: liveThreads,
  start: freshStart,
  people,
  cold,
  crowd: async (folder) => [...(await crowd(folder)), ...(await flood(folder))],
  redis: async (folder) => [...(await redisAccept(folder)), ...(await redisCost(folder)), ...(await redisMemory())],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'alert-threader-bench-'));
const figures: Figure[] = [];
try {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`== ${name}`);
    figures.push(...(await bench(folder)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`Node ${process.version}, ${String(cpus().length)} cores\n\n${asTable(figures)}\n`);
