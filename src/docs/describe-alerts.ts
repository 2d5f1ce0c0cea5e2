import { AlertsController } from '../alerts/alerts.controller.js';
import { choice, describe, failure, flag, list, number, object, orNull, text, texts } from './describe.js';

const LABELS = {
  alertname: 'TestCritical',
  severity: 'critical',
  service: 'database',
  cluster: 'production',
  instance: 'db01.example.com',
};
const ANNOTATIONS = {
  summary: 'Database Critical Failure',
  description: 'MySQL connection completely failed',
  runbook_url: 'https://docs.example.com/runbooks/db-failure',
};
const STARTS_AT = '2024-01-15T14:30:25Z';
const ALERT = { labels: LABELS, annotations: ANNOTATIONS, startsAt: STARTS_AT };

const alert = object(
  {
    status: choice('firing', 'resolved'),
    labels: texts(LABELS),
    annotations: texts(ANNOTATIONS),
    startsAt: text(STARTS_AT, 'RFC 3339; none: now'),
    endsAt: text('2024-01-15T14:45:30Z'),
    fingerprint: text('c82be825ba6d0660', "none: made of the labels, as Alertmanager's"),
    generatorURL: text('http://prometheus.example.com:9090/graph'),
    dashboardURL: text('https://grafana.example.com/d/1'),
    panelURL: text('https://grafana.example.com/d/1?viewPanel=2'),
  },
  ['status', 'annotations', 'startsAt', 'endsAt', 'fingerprint', 'generatorURL', 'dashboardURL', 'panelURL'],
);

const result = object(
  {
    key: orNull(text('TestCritical|critical|database|production|production')),
    thread_ts: orNull(text('1234567890.123456')),
    status: orNull(choice('firing', 'resolved')),
    alertname: orNull(text('TestCritical')),
    severity: orNull(text('critical')),
    incident_id: text('INC-20240115143025-0123abcd'),
    pending: { type: 'boolean', description: 'The thread is still to be posted.' },
    note: text('slack_channel "#ops" is no channel id: sent to C0123456789'),
    error: text('alerts[3].labels.severity: expected a string, got an object', 'The alert was refused.'),
  },
  ['incident_id', 'pending', 'note', 'error'],
);

export const describeAlerts = (): void => {
  describe(AlertsController, 'receive', {
    tag: 'alerts',
    summary:
      'Takes a webhook of Alertmanager (version 4) or Grafana, or the bare form of the earlier version (no version, no groupKey)',
    description: 'Answered once every good alert is durable. A bad alert is refused by itself. Bodies to 10 MB.',
    security: ['webhook', 'webhookBasic'],
    query: [
      {
        name: 'channel',
        required: false,
        example: 'C0123456789',
        description: 'Another channel; a label slack_channel wins.',
      },
    ],
    body: {
      schema: object(
        {
          status: choice('firing', 'resolved'),
          groupKey: text('test-group-1'),
          truncatedAlerts: number(0),
          alerts: list(alert),
        },
        ['status', 'groupKey', 'truncatedAlerts'],
      ),
      examples: {
        fires: { value: { status: 'firing', alerts: [ALERT] } },
        resolves: { value: { status: 'resolved', alerts: [{ ...ALERT, endsAt: '2024-01-15T14:45:30Z' }] } },
      },
    },
    answers: {
      200: {
        description: 'Every good alert is durable.',
        schema: object({
          ok: flag(true),
          count: number(1),
          status: choice('firing', 'resolved'),
          group_key: orNull(text('test-group-1')),
          thread_store: choice('file', 'redis'),
          results: list(result),
        }),
      },
      400: failure(
        400,
        'No JSON object with a list of alerts, nested deeper than 64 levels, or every alert is bad.',
        'alerts: expected a list, got nothing',
      ),
      401: failure(
        401,
        'No or a wrong WEBHOOK_TOKEN.',
        'no token was sent: send the value of WEBHOOK_TOKEN as "Authorization: Bearer …", or as the password of basic authentication',
      ),
      413: failure(413, 'Over 10 MB.', 'the body is larger than 10 MB'),
      503: failure(
        503,
        'The store takes nothing, or bodies of other requests take all memory; Retry-After says when to try again.',
        'the store takes nothing at the moment (ENOSPC); try again',
      ),
    },
  });
};
