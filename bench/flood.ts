import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { wideWebhook } from '../test/support/wide-webhooks.js';
import { startChild, type Child } from './child.js';
import { plainFigure } from './crowd.js';
import { say, type Figure } from './figures.js';
import { liveAlert, payloadOf } from './payloads.js';
import { Pod } from './pod.js';

/** BENCH_FLOOD: another number of distinct problems. */
const PROBLEMS = Number(process.env['BENCH_FLOOD'] ?? 1_000_000);
const A_WEBHOOK = 1_000;
const MEGABYTE = 1_000_000;
/** A later critical alert is waited for so long. */
const SHOWN_WITHIN_MS = 60_000;
/** silent-slack.mjs tells when a message with this name arrives. */
const MARKER = '4242';

/** Distinct problems without end, for a small pod. */
export const flood = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const file = join(folder, 'flood.json');
  const figures: Figure[] = [];
  const tell = (what: string, measured: string): void => {
    say(`${what}: ${measured}`);
    figures.push(plainFigure(what, measured));
  };
  const size = (): string => `file ${((existsSync(file) ? statSync(file).size : 0) / MEGABYTE).toFixed(1)} MB`;

  let pod = await Pod.start(file, slack.url, {}, true);
  tell(
    `${PROBLEMS.toLocaleString('en')} distinct problems of one alertname, small pod`,
    `${await send(pod)}, ${size()}`,
  );
  tell('a later critical alert of another name', await critical(pod, slack, 1));
  await pod.kill();

  const began = performance.now();
  try {
    pod = await Pod.start(file, slack.url, {}, true);
    const healthy = await fetch(`${pod.child.url}/health`);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    tell('restart after that', `GET /health ${String(healthy.status)} after ${seconds} s, ${rss(pod)}, ${size()}`);
    await pause(10_000);
    tell('10 s later', pod.death ?? `${rss(pod)}, ${size()}`);
    await pod.kill();
  } catch (error) {
    tell(
      'restart after that',
      `${(error as Error).message} after ${((performance.now() - began) / 1_000).toFixed(1)} s`,
    );
  }
  await slack.stop('SIGKILL');
  return figures;
};

const rss = (pod: Pod): string => `RSS ${(pod.child.rss() / MEGABYTE).toFixed(0)} MB`;

const send = async (pod: Pod): Promise<string> => {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
  const labels = (n: number) => ({ alertname: 'RequestSlow', severity: 'critical', service: `request-${String(n)}` });
  let most = 0;
  await pod.loopDelay();
  for (let from = 0; from < PROBLEMS; from += A_WEBHOOK) {
    const answer = await pod.post(wideWebhook(A_WEBHOOK, { from, labels }));
    if ('failure' in answer) return `${answer.failure}, with ${String(from)} taken in ${seconds()}`;
    most = Math.max(most, pod.child.rss());
    if (from % (A_WEBHOOK * 50) === 0) say(`  ${String(from)} after ${seconds()}, ${rss(pod)}`);
  }
  const took = seconds();
  const late = (await pod.loopDelay()).toFixed(0);
  return `${took}, event loop late by ${late} ms, ${rss(pod)} (at most ${(most / MEGABYTE).toFixed(0)})`;
};

const critical = async (pod: Pod, slack: Child, n: number): Promise<string> => {
  if (pod.death !== undefined) return 'not reached';
  const alert = liveAlert(n) as { labels: Record<string, string>; annotations: Record<string, string> };
  const name = `Latency${MARKER}`;
  const labels = { ...alert.labels, alertname: name, severity: 'critical' };
  const shown = new Promise<void>((resolve) => {
    slack.process.on('message', ({ marker }: { marker?: string }) => {
      if (marker === MARKER) resolve();
    });
  });
  const began = performance.now();
  const body = payloadOf([{ ...alert, labels, annotations: { summary: name }, fingerprint: 'ffffffffffffffff' }]);
  const answer = await pod.post(body);
  if ('failure' in answer) return answer.failure;
  const isShown = await Promise.race([shown.then(() => true), pause(SHOWN_WITHIN_MS).then(() => false)]);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  return isShown ? `shown after ${seconds} s` : `not shown within ${String(SHOWN_WITHIN_MS / 1_000)} s`;
};
