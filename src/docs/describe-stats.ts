import { CacheController } from '../stats/cache.controller.js';
import { StatsController } from '../stats/stats.controller.js';
import { adminFailures, choice, describe, number, object, orNull, text, texts, time } from './describe.js';

const store = choice('file', 'redis');
const KEY = 'TestCritical|critical|database|production|production';

export const describeStats = (): void => {
  describe(StatsController, 'stats', {
    tag: 'state',
    summary: 'Counts of threads, incidents, waiting work and calls to Slack',
    answers: {
      200: {
        description: 'Now. `uptime` is when the service started. `redis`: with THREAD_STORE=redis only.',
        schema: object(
          {
            cached_threads: number(5),
            thread_store: store,
            environment: text('production'),
            uptime: time(),
            uptime_seconds: number(3600),
            incidents: object({ firing: number(2), acknowledged: number(1), resolved: number(7), archived: number(5) }),
            queue: object({
              depth: number(0, 'Threads of which Slack does not show the latest, as alert_threader_pending_threads.'),
              depth_by_channel: {
                type: 'object',
                description: 'The 50 deepest channels; `other` is the sum of the rest.',
                additionalProperties: { type: 'integer' },
                example: { C0123456789: 0 },
              },
              oldest_waiting_seconds: number(0, 'Since the oldest change that Slack does not show.'),
              ready: number(0, 'Threads whose turn for a call to Slack is to come in this process.'),
              scheduled: number(
                5,
                'Threads that are looked at again now or later, most of them resolved ones that leave for the history. No backlog.',
              ),
            }),
            slack_calls: {
              type: 'object',
              additionalProperties: { type: 'object' },
              example: { 'chat.postMessage': { ok: 12 } },
            },
            socket: object({
              state: choice('off', 'connecting', 'connected', 'reconnecting', 'stopped'),
              since: time(),
              last_envelope_at: orNull(time()),
              reconnects: number(3),
              connections: orNull(number(1)),
              error: orNull(text('invalid_auth')),
            }),
            redis: object({
              connected_clients: number(2),
              used_memory_human: text('1.05M'),
              keyspace_hits: number(1200),
              keyspace_misses: number(300),
            }),
          },
          ['redis'],
        ),
      },
      503: adminFailures[503] ?? { description: '', schema: {} },
    },
  });
  describe(CacheController, 'show', {
    tag: 'state',
    summary: 'The thread of every key',
    security: ['admin'],
    answers: {
      200: {
        description: 'thread_ts by key; `@C…` names another channel than SLACK_CHANNEL.',
        schema: object({
          cached_threads: number(1),
          threads: texts({ [KEY]: '1234567890.123456' }),
          thread_store: store,
        }),
      },
      ...adminFailures,
    },
  });
  describe(CacheController, 'clear', {
    tag: 'state',
    summary: "Forgets every thread: an open incident's next change starts a new one",
    security: ['admin'],
    answers: {
      200: {
        description: 'Incidents, and work not yet shown, stay.',
        schema: object({ message: text('5 threads forgotten'), cleared: number(5) }),
      },
      ...adminFailures,
    },
  });
};
