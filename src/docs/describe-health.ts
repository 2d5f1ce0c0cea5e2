import { HealthController } from '../health/health.controller.js';
import { choice, describe, flag, number, object, orNull, text, time } from './describe.js';

const error = {
  ok: flag(false),
  error: text('the store takes no alerts at the moment'),
  statusCode: number(503),
};

const health = (...status: string[]) => ({
  status: choice(...status),
  environment: text('production'),
  channel: text('C0123456789'),
  thread_store: choice('file', 'redis'),
  redis_status: choice('connected', 'connecting', 'reconnecting', 'closed'),
  cached_threads: orNull(number(5)),
  timestamp: time(),
  details: {
    type: 'object',
    additionalProperties: { type: 'object' },
    example: { thread_store: { status: 'up' } },
  } as const,
});

export const describeHealth = (): void => {
  describe(HealthController, 'overview', {
    tag: 'health',
    summary: 'Health of the service',
    answers: {
      200: {
        description:
          'Alerts are taken. `degraded`: Slack does not show them in time, something is wrong with single records ' +
          '(details.records_apart), or Redis should be set up otherwise (details.thread_store.warnings says how). `redis_status`: with THREAD_STORE=redis only.',
        schema: object(health('healthy', 'degraded'), ['redis_status']),
      },
      503: {
        description: 'The store takes no alerts.',
        schema: object({ ...error, ...health('unhealthy') }, ['redis_status']),
      },
    },
  });
  describe(HealthController, 'live', {
    tag: 'health',
    summary: 'Kubernetes liveness probe: the process alone',
    answers: { 200: { description: 'It runs.', schema: object({ status: choice('alive') }) } },
  });
  describe(HealthController, 'ready', {
    tag: 'health',
    summary: 'Kubernetes readiness probe: the store alone',
    answers: {
      200: { description: 'Alerts are taken.', schema: object({ status: choice('ready') }) },
      503: {
        description: 'The store takes no alerts.',
        schema: object({ ...error, status: choice('unhealthy') }),
      },
    },
  });
};
