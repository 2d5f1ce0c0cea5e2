import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, startService, type Child } from './child.js';
import type { Measured, Told } from './clicker.js';
import { say, type Figure } from './figures.js';
import { percentile } from './load.js';
import { BadDay, PER_WEBHOOK, WEBHOOKS_PER_SECOND } from './people-alerts.js';
import { steadyLoad } from './steady-load.js';

const SHOWN = 300;
/** New threads at the start, which the channel then takes minutes for. */
const BACKLOG = 400;
const BEHIND = 300;
const CALM_CLICKS = 60;
const CLICKS = 120;
/**
 * Slack allows 50 edits a minute in a workspace, of which the service uses 40 and a burst of 10. A click is an edit, so
 * no service could show more than that in time: 30 clicks a minute, from half a second to a second and a half apart.
 */
const CLICK_EVERY_MS = 2_000;

interface Stats {
  readonly socket: { readonly state: string };
  readonly queue: { readonly depth_by_channel: Readonly<Record<string, number>> };
}

/**
 * People click while alerts pour in and the channel is far behind. Slack is the simulator with Slack's limits, in a
 * process of its own, which the people are in too. The baseline is the same people before the first alert.
 */
export const people = async (folder: string): Promise<Figure[]> => {
  const file = join(folder, 'people.json');
  const slack = await startChild('bench/people-slack.ts', { BENCH_STORE: file, BENCH_SHOWN: String(SHOWN) });
  const service = await startService(file, slack.url, { SLACK_APP_TOKEN: 'xapp-bench' });
  while ((await stats(service)).socket.state !== 'connected') await pause(50);
  say(`people: ${String(CALM_CLICKS)} clicks while nothing else happens, one in ${String(CLICK_EVERY_MS)} ms`);
  const calm = await clicks(slack, CALM_CLICKS);

  const day = new BadDay(SHOWN, SHOWN);
  for (let n = 0; n < BACKLOG; n += 100) await post(service, day.fresh(100));
  const load = steadyLoad(`${service.url}/alert`, WEBHOOKS_PER_SECOND, () => day.webhook());
  await pause(5_000);
  say(`people: ${String(CLICKS)} clicks under load, ${String(await behind(service))} messages behind`);
  const depths: number[] = [];
  const ownDelay = monitorEventLoopDelay({ resolution: 5 });
  ownDelay.enable();
  const sampling = setInterval(() => void behind(service).then((depth) => depths.push(depth)), 1_000);
  const stormy = await clicks(slack, CLICKS);
  clearInterval(sampling);
  ownDelay.disable();
  const { perSecond, times } = await load.stop();
  await service.stop();
  await slack.stop('SIGKILL');

  const alerts = perSecond * PER_WEBHOOK;
  const [least, most] = [Math.min(...depths), Math.max(...depths)];
  const late = [ownDelay.percentile(99), ownDelay.max].map((ns) => (ns / 1e6 - 5).toFixed(1));
  say(`people: timers of this bench, which is idle: p99 ${late.join(' ms late, at most ')} ms: what the machine adds`);
  const forms = stormy.opened.map((ms) => ms?.toFixed(0) ?? '-').join(', ');
  say(
    `people: Resolve acknowledged, its form open, after ${forms} ms; ${String(stormy.rateLimited)} calls answered 429`,
  );
  const before = Math.max(...stormy.measured.map((one) => one.before));
  return [
    within('click to its acknowledgement, p99', 50, calm, stormy, ({ acknowledged }) => acknowledged),
    within("click to the root's edit at Slack, p99", 1_500, calm, stormy, ({ edited }) => edited),
    {
      ...within('click to its reply at Slack, p99', Infinity, calm, stormy, ({ replied }) => replied),
      target: '≤ 1 message of the backlog before it',
      met: before <= 1,
    },
    {
      what: 'meanwhile: alerts a second',
      measured: `${alerts.toFixed(0)} (webhook p99 ${percentile(times, 0.99).toFixed(0)} ms)`,
      baseline: '0',
      target: '≥ 495',
      met: alerts >= 495,
    },
    {
      what: 'meanwhile: messages that the channel is behind',
      measured: `${String(least)} to ${String(most)}`,
      baseline: '0',
      target: `≥ ${String(BEHIND)}`,
      met: least >= BEHIND,
    },
  ];
};

const within = (
  what: string,
  target: number,
  calm: Told,
  stormy: Told,
  of: (one: Measured) => number | null,
): Figure => {
  const values = (told: Told): number[] => told.measured.map((one) => of(one) ?? Infinity);
  return {
    what,
    measured: spread(values(stormy)),
    baseline: spread(values(calm)),
    target: `≤ ${String(target)} ms`,
    met: percentile(values(stormy), 0.99) <= target,
  };
};

const spread = (values: readonly number[]): string => {
  const [p99, median, p90, max] = [0.99, 0.5, 0.9, 1].map((p) => percentile(values, p).toFixed(1));
  return `${String(p99)} ms (median ${String(median)}, p90 ${String(p90)}, max ${String(max)})`;
};

const clicks = async (slack: Child, count: number): Promise<Told> => {
  const told = once(slack.process, 'message');
  slack.process.send({ clicks: count, everyMs: CLICK_EVERY_MS });
  return ((await told) as [Told])[0];
};

const stats = async (service: Child): Promise<Stats> => (await (await fetch(`${service.url}/stats`)).json()) as Stats;

/** Threads that wait for a post. */
const behind = async (service: Child): Promise<number> =>
  Object.values((await stats(service)).queue.depth_by_channel).reduce((sum, depth) => sum + depth, 0);

const post = async (service: Child, body: string): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${service.url}/alert`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`POST /alert answered ${String(answer.status)}`);
};
