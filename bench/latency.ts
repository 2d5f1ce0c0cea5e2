import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, startService } from './child.js';
import { say, type Figure } from './figures.js';
import { percentile } from './load.js';
import { liveAlert } from './payloads.js';

const SAMPLES = 200;
/** Within the pace of the workspace, so that nothing waits for it. */
const EVERY_MS = 220;

/** From POST /alert to chat.postMessage's arrival at Slack, when nothing else is going on. */
export const latency = async (folder: string): Promise<Figure[]> => {
  const slack = await startChild('bench/silent-slack.mjs');
  const arrived = new Map<string, number>();
  slack.process.on('message', ({ marker, at }: { marker?: string; at: number }) => {
    if (marker !== undefined) arrived.set(marker, at);
  });
  const service = await startService(join(folder, 'latency.json'), slack.url, {
    SLACK_POSTS_PER_SECOND: '100',
    SLACK_POST_BURST: '100',
  });
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const alert = { ...liveAlert(n), labels: { alertname: `Latency${String(n)}`, severity: 'critical' } };
    const sent = performance.timeOrigin + performance.now();
    await fetch(`${service.url}/alert`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'firing', alerts: [alert] }),
    });
    await pause(EVERY_MS);
    const at = arrived.get(String(n));
    if (at === undefined) throw new Error(`alert ${String(n)} did not reach Slack within ${String(EVERY_MS)} ms`);
    if (n >= 10) times.push(at - sent);
    if (n % 50 === 0) say(`latency: ${String(n)} of ${String(SAMPLES)}`);
  }
  await service.stop();
  await slack.stop('SIGKILL');
  const p99 = percentile(times, 0.99);
  return [
    {
      what: 'POST to the chat.postMessage call, idle, p99',
      measured: `${p99.toFixed(1)} ms (median ${percentile(times, 0.5).toFixed(1)} ms)`,
      baseline: '',
      target: '≤ 20 ms',
      met: p99 <= 20,
    },
  ];
};
