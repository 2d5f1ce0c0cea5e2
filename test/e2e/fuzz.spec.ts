import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import type { Message } from '../../simulator/workspace/message.js';
import { HOSTILE } from '../support/hostile-texts.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL } from '../support/slack-channel.js';

/** 10,000 by default. SEED=… has the payloads of an earlier run again. */
const PAYLOADS = Number(process.env['PAYLOADS'] ?? 10_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 32;

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

/** A body as it goes over the wire. */
const payload = fc.oneof(
  { weight: 12, arbitrary: webhook.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: fc.tuple(webhook, fc.nat(400)).map(([value, cut]) => JSON.stringify(value).slice(0, cut)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3_000 }).map((depth) => `{"alerts":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  },
);

/** Every text of a message with the kind of object that holds it: what is not `plain_text` is read as markup. */
const textsOf = (value: unknown, kind = 'mrkdwn'): { text: string; kind: string }[] => {
  if (typeof value === 'string') return [{ text: value, kind }];
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one, kind));
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as { type?: unknown }).type === 'plain_text' ? 'plain_text' : kind;
  return Object.entries(value).flatMap(([name, inner]) => (name === 'type' ? [] : textsOf(inner, own)));
};

/** Markup of ours: a date, or a link to http(s). Everything else in angle brackets came from outside. */
const OURS = /<!date\^\d+\^[^<>|]*\|[^<>|]*>|<https?:\/\/[^<>|\s]*\|View (Runbook|Dashboard|Panel|Source)>/g;

const faultsOf = ({ text, blocks, attachments }: Message): string[] =>
  textsOf([text, blocks, attachments]).flatMap(({ text: shown, kind }) => {
    const foreign = kind === 'plain_text' ? /<[!@#]/.test(shown) : shown.replace(OURS, '').includes('<');
    const pings = kind === 'mrkdwn' && shown === text && /@(channel|here|everyone)/i.test(shown);
    return foreign || pings ? [`${kind}: ${JSON.stringify(shown.slice(0, 300))}`] : [];
  });

describe(`${PAYLOADS} payloads of any kind`, () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }) });
  });
  afterAll(async () => {
    agent.destroy();
    await endServices();
    await simulator.close();
  });

  const send = (body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${service.url}/alert`, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  it('bring no 5xx, no crash, no message that Slack refuses and no mention, and what was taken is shown', async () => {
    const began = performance.now();
    const bodies = fc.sample(payload, { numRuns: PAYLOADS, seed: SEED });
    const statuses = new Map<number, number>();
    const broken: string[] = [];
    const taken = new Set<string>();
    let alerts = 0;
    const worker = async (): Promise<void> => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const { status, text } = await send(body);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status !== 200 && status !== 400) broken.push(`${status} for ${body.slice(0, 500)}`);
        if (status !== 200) continue;
        for (const { key, incident_id: id } of (
          JSON.parse(text) as { results: { key: string; incident_id?: string }[] }
        ).results) {
          if (id === undefined) continue;
          alerts += 1;
          taken.add(key);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const sent = performance.now();
    expect(broken).toEqual([]);

    await service.until('everything that was taken to be shown', async () => {
      const { threads } = (await service.get('/cache')).body as { threads: Record<string, string> };
      const { items } = (await service.get('/incidents?limit=100')).body as {
        items: { delivery: { shown: boolean } }[];
      };
      return [...taken].every((key) => threads[key] !== undefined) && items.every(({ delivery }) => delivery.shown);
    });
    await service.idle();
    const { threads } = (await service.get('/cache')).body as { threads: Record<string, string> };
    const messages = simulator.workspace.allMessages(CHANNEL);
    process.stderr.write(
      `fuzz, seed ${SEED}: ${PAYLOADS} payloads in ${((sent - began) / 1_000).toFixed(1)} s, shown after ${((performance.now() - sent) / 1_000).toFixed(1)} s more; ` +
        `answers ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}; ${alerts} alerts in ${taken.size} threads, ${messages.length} messages\n`,
    );

    for (const key of taken) expect(simulator.workspace.message(CHANNEL, threads[key] ?? '')).toBeDefined();
    expect(
      simulator.calls.filter(({ outcome }) => outcome !== 'ok').map(({ method, outcome }) => [method, outcome]),
    ).toEqual([]);
    expect(messages.flatMap(faultsOf)).toEqual([]);
    expect(service.log.filter(({ level }) => level >= 50)).toEqual([]);
    // a good share got in: the rest of this test means something
    expect(statuses.get(200) ?? 0).toBeGreaterThan(PAYLOADS / 3);
    expect(taken.size).toBeGreaterThan(10);
    await service.stop();
  });
});
