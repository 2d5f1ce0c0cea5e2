import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { say, type Figure } from './figures.js';

const MOST_SECONDS = 90;
/** What the demo prints. */
const SLACK_PAGE = /Slack page\s+(http:\S+)/;
const POLL_MS = 100;

/** From `git clone` to the first thread in the demo, with nothing there before, and with npm's cache filled by that. */
export const cold = async (folder: string): Promise<Figure[]> => {
  const cache = join(folder, 'npm-cache');
  mkdirSync(cache);
  const figures: Figure[] = [];
  for (const what of ["npm's cache empty", "npm's cache filled"]) {
    const seconds = await cloneToThread(join(folder, `clone-${figures.length}`), cache);
    figures.push({
      what: `clone to the first thread in the demo, ${what}`,
      measured: `${seconds.toFixed(0)} s`,
      baseline: '',
      target: `≤ ${MOST_SECONDS} s`,
      met: seconds <= MOST_SECONDS,
    });
  }
  return figures;
};

const cloneToThread = async (folder: string, cache: string): Promise<number> => {
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1_000;
  const clone = spawn('git', ['clone', '--quiet', process.cwd(), folder], { stdio: 'inherit' });
  const [code] = (await once(clone, 'close')) as [number | null];
  if (code !== 0) throw new Error('git clone failed');

  const demo = spawn('npm', ['run', 'demo'], {
    cwd: folder,
    env: { ...ownEnvironment(), npm_config_cache: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // with its children it is a group of its own, which can be ended
  });
  const ended = once(demo, 'exit');
  let page: URL | undefined;
  createInterface(demo.stdout).on('line', (line) => {
    if (line.trim() !== '') say(`${seconds().toFixed(1).padStart(6)} s  ${line}`);
    const address = SLACK_PAGE.exec(line)?.[1];
    if (address !== undefined) page = new URL(address);
  });
  try {
    while (page === undefined || !(await hasThread(page))) {
      if (demo.exitCode !== null) throw new Error('the demo ended before it showed a thread');
      await pause(POLL_MS);
    }
    return seconds();
  } finally {
    if (demo.exitCode === null && demo.pid !== undefined) process.kill(-demo.pid, 'SIGTERM');
    await ended;
  }
};

/** @param page as `http://127.0.0.1:4000/#/C0ALERTS01` */
const hasThread = async ({ origin, hash }: URL): Promise<boolean> => {
  const answer = await fetch(`${origin}/control/messages?channel=${hash.slice('#/'.length)}`);
  const { messages } = (await answer.json()) as { messages: unknown[] };
  return messages.length > 0;
};

/** This machine's, not what npm and this repository's packages added to it. */
const ownEnvironment = (): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'NODE_ENV');
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
};
