import { SystemClock } from '../src/clock/clock.js';
import { committed } from '../src/domain/call-outcomes.js';
import { claim, withDue } from '../src/domain/claims.js';
import { incidentId } from '../src/domain/incident-id.js';
import { plan } from '../src/domain/plan.js';
import type { IncidentThread } from '../src/domain/record.js';
import { threadKey } from '../src/domain/thread-key.js';
import { transition } from '../src/domain/transition.js';
import { FileThreadStore } from '../src/thread-store/file-thread-store.js';
import type { ThreadStore } from '../src/thread-store/thread-store.js';
import { liveAlert } from './payloads.js';

export const CHANNEL = 'C0BENCH0001';
const rules = {
  environment: 'staging',
  reopenWindowMs: 1_800_000,
  repeatReplies: 'unacked',
  repeatIntervalMs: 14_400_000,
} as const;

/** Shows a thread in Slack. @returns the root's ts */
export type Show = (thread: IncidentThread, operation: string) => string;

/** No Slack keeps the messages: good for anything but edits and replies. */
const nowhere = (): Show => {
  let n = 0;
  return () => `${String(1_700_000_000 + n++)}.000100`;
};

/** A store file with this many open incidents, each shown in Slack, as a service that ran for long would leave it. */
export const writeLiveStore = async (file: string, count: number, show = nowhere()): Promise<void> => {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = await FileThreadStore.open({ file, defaultChannel: CHANNEL, clock: new SystemClock(), logger });
  await fillStore(store, count, show);
  await store.close();
};

/** The same in any store. */
export const fillStore = async (store: ThreadStore, count: number, show = nowhere()): Promise<void> => {
  const now = Date.now();
  const writes: Promise<unknown>[] = [];
  for (let n = 0; n < count; n++) {
    const raw = liveAlert(n) as { labels: Record<string, string>; annotations: Record<string, string> };
    const alert = {
      fingerprint: n.toString(16).padStart(16, '0'),
      status: 'firing',
      labels: raw.labels,
      annotations: raw.annotations,
      startsAt: Date.parse('2026-11-21T19:51:15.14Z'),
      endsAt: null,
      links: { generator: 'http://prometheus.example.com:9090/graph?g0.expr=up' },
    } as const;
    const key = threadKey(raw.labels, ['alertname', 'severity', 'service', 'cluster'], 'staging');
    const random = n.toString(16).padStart(8, '0');
    const change = store.update(key, CHANNEL, (before, rolls) => {
      const newIncidentId = (at: number): string => incidentId(at, random);
      const fired = transition(
        before,
        { type: 'alert', alert, truncated: 0 },
        { now, rules, newIncidentId, rolls },
      ).next;
      const [step] = plan(fired, { now, rules }).steps;
      const open = step && claim(fired, step, 'bench', now);
      const shown = open?.current;
      const claimed = shown?.delivery.claim;
      if (!open || !shown || !claimed) throw new Error('nothing to show');
      const ts = show(shown, claimed.id);
      return withDue(committed(open, step.incidentId, claimed, ts, now), { now, rules });
    });
    writes.push(change);
    if (writes.length === 1_000) await Promise.all(writes.splice(0));
  }
  await Promise.all(writes);
};
