import fc from 'fast-check';
import { HOSTILE } from './hostile-texts.js';

const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((two) => two.join(' ')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '<', '&', '한', '🔥', '\u0001'), fc.integer({ min: 100, max: 20_000 }))
      .map(([c, n]) => c.repeat(n)),
  },
);

/** Few of each, since each key is a thread, and Slack takes five messages a second. */
const alertname = fc.constantFrom(
  '<!channel>',
  'Disk|Full',
  '\u0000',
  '한글 🔥',
  'x'.repeat(3_000),
  '__proto__',
  'Plain',
);
const severity = fc.constantFrom('critical', '<!here>');
const fingerprint = fc.constantFrom('aa01', 'aa02', 'aa03', undefined);
const time = fc.constantFrom('2024-01-15T14:30:25Z', '2024-01-15T15:30:25.123456789+09:00', '0001-01-01T00:00:00Z', '');

const maps = fc.dictionary(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'summary',
        'description',
        'runbook_url',
        'title',
        'instance',
        'cluster_',
        'job',
        'pod',
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .string({ maxLength: 20 })
        .filter((name) => !['alertname', 'severity', 'service', 'cluster', 'slack_channel'].includes(name)),
    },
  ),
  hostile,
  { maxKeys: 6 },
);

/** Shaped as Alertmanager's, with hostile values. */
const goodAlert = fc.record(
  {
    status: fc.constantFrom('firing', 'resolved'),
    labels: fc.tuple(maps, alertname, severity).map(([rest, name, level]) => {
      return { ...rest, instance: rest['instance']?.slice(0, 40), alertname: name, severity: level };
    }),
    annotations: maps,
    startsAt: time,
    endsAt: time,
    generatorURL: hostile,
    fingerprint: fingerprint.map((one) => one ?? 'aa04'),
    dashboardURL: hostile,
  },
  { requiredKeys: ['labels', 'fingerprint'] },
);

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 6 }),
  fc.constantFrom(
    null,
    true,
    0,
    '',
    [],
    {},
    [[[[[[]]]]]],
    { labels: null },
    { labels: [] },
    { labels: { a: {} } },
    { labels: { a: 1, b: null } },
  ),
  fc.record({ status: fc.jsonValue(), labels: fc.jsonValue(), annotations: fc.jsonValue(), startsAt: fc.jsonValue() }),
  fc.record({ status: fc.constant('firing'), labels: fc.constant({ alertname: 'Plain' }), startsAt: hostile }),
);

const webhook = fc.record(
  {
    version: fc.oneof(fc.constant('4'), fc.jsonValue()),
    status: fc.oneof(fc.constantFrom('firing', 'resolved'), fc.jsonValue()),
    groupKey: fc.oneof(hostile, fc.jsonValue()),
    truncatedAlerts: fc.oneof(fc.constantFrom(0, 3, -1, 1.5, '7', 1e400), fc.jsonValue()),
    alerts: fc.oneof(
      { weight: 6, arbitrary: fc.array(goodAlert, { maxLength: 4 }) },
      { weight: 3, arbitrary: fc.array(fc.oneof(goodAlert, junk), { maxLength: 5 }) },
      { weight: 1, arbitrary: junk },
    ),
  },
  { requiredKeys: ['alerts'] },
);

/** Bodies of POST /alert as they go over the wire: some as Alertmanager's with hostile values, some anything. */
export const payload = fc.oneof(
  { weight: 12, arbitrary: webhook.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: fc.tuple(webhook, fc.nat(400)).map(([value, cut]) => JSON.stringify(value).slice(0, cut)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3_000 }).map((depth) => `{"alerts":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  },
);
