import { IncidentsController } from '../incidents/incidents.controller.js';
import {
  adminFailures,
  choice,
  describe,
  failure,
  list,
  number,
  object,
  orNull,
  text,
  texts,
  time,
} from './describe.js';

export const ID = 'INC-20240115143025-0123abcd';
const actor = object({ kind: choice('slack', 'rest'), id: text('U0123456789') });
const flag = { type: 'boolean' } as const;

const alert = object({
  fingerprint: text('c82be825ba6d0660'),
  status: choice('firing', 'resolved'),
  labels: texts({ alertname: 'TestCritical' }),
  annotations: texts({ summary: 'Database Critical Failure' }),
  starts_at: time(),
  ends_at: orNull(time()),
  last_seen_at: time(),
  resolved_at: orNull(time()),
});

const entry = object({
  n: number(1),
  at: time(),
  kind: text('opened'),
  by: orNull(actor),
  count: number(1),
  alerts: list(text('c82be825ba6d0660')),
  note: orNull(text('Replacing the disk')),
});

export const incident = object({
  id: text(ID),
  status: choice('firing', 'acknowledged', 'resolved'),
  severity: text('critical'),
  title: text('Database Critical Failure'),
  key: text('TestCritical|critical|database|production|production'),
  environment: text('production'),
  channel: text('C0123456789'),
  thread_ts: orNull(text('1234567890.123456')),
  opened_at: time(),
  acknowledged: orNull(object({ by: actor, at: time() })),
  resolved: orNull(
    object({
      by: orNull(actor),
      at: time(),
      ends_at: orNull(time()),
      action_taken: orNull(text('Failed over to db02')),
      root_cause: orNull(text('Disk full')),
    }),
  ),
  silence: orNull(object({ id: text('f2c6…'), server: choice('alertmanager', 'grafana'), until: time(), by: actor })),
  reopened: number(0),
  truncated: number(0),
  resolved_before: number(0),
  alerts: list(alert),
  timeline: list(entry),
  delivery: object({
    shown: { ...flag, description: 'Slack shows everything that happened.' },
    shown_entry: number(1),
    last_entry: number(1),
    attempts: number(0),
    next_try_at: orNull(time()),
    last_error: orNull(object({ kind: text('rate'), code: text('ratelimited'), at: time() })),
    moved_from: orNull(object({ channel: text('C0123456789'), code: text('is_archived') })),
  }),
});

export const describeIncidents = (): void => {
  describe(IncidentsController, 'list', {
    tag: 'incidents',
    summary: 'Incidents, newest first',
    security: ['admin'],
    query: [
      { name: 'status', required: false, enum: ['firing', 'acknowledged', 'resolved'] },
      { name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
      { name: 'cursor', required: false, description: 'next_cursor of the page before', schema: { type: 'string' } },
    ],
    answers: {
      200: {
        description: 'A page. One that can not be shown whole has an `error`, and only what is known of it.',
        schema: object({ items: list(incident), next_cursor: orNull(text('…')) }),
      },
      400: failure(400, 'A wrong query.', 'limit: expected a whole number, 1 to 200'),
      ...adminFailures,
    },
  });
  describe(IncidentsController, 'one', {
    tag: 'incidents',
    summary: 'One incident',
    security: ['admin'],
    params: { id: ID },
    answers: {
      200: { description: 'The incident.', schema: incident },
      404: failure(404, 'There is none.', `there is no incident "${ID}"`),
      ...adminFailures,
    },
  });
};
