import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { channelRule } from './alert-channel.js';
import { isRefused, MAX_ALERTS, parsePayload, PayloadError, type Payload, type TakenAlert } from './parse-payload.js';
import { labelsFingerprint } from './fingerprint.js';
import { keptLabels } from './fit-texts.js';
import { MAX_VALUE } from './text-limits.js';

const NOW = Date.parse('2026-11-21T20:00:00Z');
const rule = channelRule({ slackChannel: 'C0123456789', slackChannels: [] });
const parse = (body: unknown): Payload => parsePayload(body, { now: NOW, channel: (label) => rule(label, undefined) });

const ALERT = { labels: { alertname: 'A', severity: 'critical' }, startsAt: '2026-11-21T19:00:00Z' };
const one = (alert: object, webhook: object = { status: 'firing' }): Payload =>
  parse({ ...webhook, alerts: [{ ...ALERT, ...alert }] });
const taken = (payload: Payload): TakenAlert => {
  const [first] = payload.alerts;
  if (first === undefined || isRefused(first)) throw new Error(`refused: ${first?.error ?? 'nothing'}`);
  return first;
};
const errors = (payload: Payload): string[] => payload.alerts.filter(isRefused).map(({ error }) => error);

describe('parsePayload', () => {
  const folder = join(__dirname, '../../test/fixtures/webhooks');

  it.each(readdirSync(folder))('takes every alert of the captured %s as it is', (file) => {
    const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      status: string;
      groupKey: string;
      truncatedAlerts: number;
      alerts: Record<string, string>[];
    };
    const payload = parse(body);
    expect(errors(payload)).toEqual([]);
    expect(payload).toMatchObject({ status: body.status, groupKey: body.groupKey, truncated: body.truncatedAlerts });
    payload.alerts.forEach((parsed, i) => {
      const given = body.alerts[i];
      const ended = given?.['endsAt']?.startsWith('0001') === false ? Date.parse(given['endsAt']) : null;
      const generator = given?.['generatorURL'];
      expect(parsed).toEqual({
        channel: 'C0123456789',
        alert: {
          fingerprint: given?.['fingerprint'],
          status: given?.['status'],
          labels: given?.['labels'],
          annotations: given?.['annotations'],
          startsAt: Date.parse(given?.['startsAt'] ?? ''),
          endsAt: ended,
          ...(generator === '' ? {} : { links: { generator } }),
        },
      });
    });
  });

  it('takes the bare form: no version, no groupKey, no fingerprint, no status of its own', () => {
    const payload = one({});
    expect(payload).toMatchObject({ status: 'firing', groupKey: null, truncated: 0 });
    expect(taken(payload).alert).toEqual({
      fingerprint: labelsFingerprint(ALERT.labels),
      status: 'firing',
      labels: ALERT.labels,
      annotations: {},
      startsAt: NOW - 3_600_000,
      endsAt: null,
    });
  });

  it("takes Grafana's links", () => {
    const links = { generatorURL: 'http://g/rule', dashboardURL: 'http://g/d/1', panelURL: 'http://g/d/1?viewPanel=2' };
    expect(
      taken(one({ ...links, valueString: '[ var=1 ]', values: { A: 1 }, silenceURL: 'http://g/s' })).alert.links,
    ).toEqual({ generator: links.generatorURL, dashboard: links.dashboardURL, panel: links.panelURL });
  });

  it.each<[string, object, object]>([
    ["an alert's own status wins over the webhook's", { status: 'resolved' }, { status: 'resolved' }],
    ["the webhook's status holds where the alert has none", { status: null }, { status: 'firing' }],
    ['numbers and booleans become text', { labels: { a: 1, b: true } }, { labels: { a: '1', b: 'true' } }],
    ['null stands for no label', { labels: { a: null, b: '' } }, { labels: { b: '' } }],
    ['no start: now', { startsAt: undefined }, { startsAt: NOW }],
    ['an empty start: now', { startsAt: '' }, { startsAt: NOW }],
    ['a start in year 1: now', { startsAt: '0001-01-01T00:00:00Z' }, { startsAt: NOW }],
    ['nanoseconds and an offset', { startsAt: '2026-11-21T19:53:15.687353847+01:00' }, { startsAt: 1795287195687 }],
    ['an end', { endsAt: '2026-11-21T19:30:00Z' }, { endsAt: NOW - 1_800_000 }],
    ['an end in year 1: none', { endsAt: '0001-01-01T00:00:00Z' }, { endsAt: null }],
    ['an end that is none', { endsAt: 'soon' }, { endsAt: null }],
    ['an end of a wrong type', { endsAt: {} }, { endsAt: null }],
    ['no annotations', { annotations: null }, { annotations: {} }],
    ['links that are none', { generatorURL: 7, panelURL: 'x'.repeat(3_001) }, { annotations: {} }],
    ['text is cut', { annotations: { a: 'x'.repeat(9_000) } }, { annotations: { a: 'x'.repeat(MAX_VALUE) } }],
    [
      'no half of a pair is left',
      { annotations: { a: `${'x'.repeat(7_999)}🔥` } },
      { annotations: { a: 'x'.repeat(7_999) } },
    ],
  ])('%s', (_name, alert, expected) => {
    expect(taken(one(alert)).alert).toMatchObject(expected);
  });

  it('keeps at most 100 labels', () => {
    const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`l${i}`, 'x']));
    expect(Object.keys(taken(one({ labels })).alert.labels)).toHaveLength(100);
  });

  describe('an alert that is too large', () => {
    const KEY_LABELS = ['alertname', 'severity', 'service', 'cluster'];
    const of = (alert: object): TakenAlert['alert'] => {
      const kept = keptLabels(KEY_LABELS);
      const body = { status: 'firing', alerts: [alert] };
      return taken(parsePayload(body, { now: NOW, channel: (label) => rule(label, undefined), kept })).alert;
    };
    const sizeOf = (...maps: Readonly<Record<string, string>>[]): number =>
      maps.flatMap((map) => Object.entries(map)).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    const many = (count: number, length: number, prefix = 'l'): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, 'x'.repeat(length)]));
    const LABELS = { alertname: 'DiskFull', severity: 'critical', service: 'db', cluster: 'eu' };
    const NAME = 'n'.repeat(195);

    it.each<[string, object, object]>([
      ['100 labels and 100 annotations of 8,000', many(100, 8_000), many(100, 8_000)],
      ['100 labels of 8,000', many(100, 8_000), {}],
      ['100 annotations of 8,000', {}, many(100, 8_000)],
      ['long names', many(100, 8_000, NAME), many(100, 8_000, NAME)],
      ['key labels of 8,000', { service: 'x'.repeat(8_000), cluster: 'y'.repeat(8_000) }, many(100, 8_000)],
      ['many more than 100 of each', many(5_000, 300), many(5_000, 300)],
    ])('holds 24,000 characters at most, and what tells it from others: %s', (_name, more, annotations) => {
      const alert = of({ labels: { ...more, ...LABELS, ...('service' in more && more) }, annotations });
      expect(sizeOf(alert.labels, alert.annotations)).toBeLessThanOrEqual(24_000);
      expect(alert.labels).toMatchObject({ alertname: 'DiskFull', severity: 'critical' });
      expect(Object.keys(alert.labels)).toEqual(expect.arrayContaining(KEY_LABELS));
      expect(Object.keys(alert.labels).length).toBeLessThanOrEqual(100);
    });

    it.each<[number, number, number]>([
      [2, 8_000, 8_000],
      [3, 8_000, 2_000],
      [20, 8_000, 500],
      [60, 8_000, 120],
    ])('cuts %i annotations of %i to %i, all alike', (count, length, expected) => {
      const { annotations, labels } = of({ labels: LABELS, annotations: { ...many(count, length), short: 'kept' } });
      expect(labels).toEqual(LABELS);
      const { short, ...long } = annotations;
      expect(short).toBe('kept');
      expect(Object.values(long).map((text) => text.length)).toEqual(Array.from({ length: count }, () => expected));
    });

    it('cuts labels by themselves: in the next webhook, with other annotations, they are the same', () => {
      const labels = { ...many(10, 3_000), ...LABELS };
      const quiet = of({ labels, annotations: {} });
      const loud = of({ labels, annotations: many(100, 8_000) });
      expect(loud.labels).toEqual(quiet.labels);
      expect(loud.fingerprint).toBe(quiet.fingerprint);
    });

    it('cuts a label of the thread key in one way, whatever else the alert has', () => {
      const service = 'x'.repeat(5_000);
      const small = of({ labels: { ...LABELS, service } });
      const large = of({ labels: { ...many(90, 8_000), ...LABELS, service } });
      expect(small.labels['service']).toHaveLength(1_000);
      expect(large.labels['service']).toBe(small.labels['service']);
    });

    it('keeps the same labels of more than 100 in whatever order they come', () => {
      const labels = Object.entries({ ...many(500, 3), ...LABELS });
      const one = of({ labels: Object.fromEntries(labels) });
      const other = of({ labels: Object.fromEntries(labels.reverse()) });
      expect(other.labels).toEqual(one.labels);
      expect(Object.keys(one.labels)).toHaveLength(100);
    });

    it('tells alerts apart that are alike once they are cut', () => {
      const labels = many(90, 500);
      const [a, b] = ['a', 'b'].map((end) => of({ labels: { ...labels, l7: `${'x'.repeat(400)}${end}` } }));
      expect(a?.labels).toEqual(b?.labels);
      expect(a?.fingerprint).not.toBe(b?.fingerprint);
    });

    it('leaves out names of more than 200', () => {
      const { labels } = of({ labels: { ...LABELS, ['n'.repeat(201)]: 'x', ['n'.repeat(200)]: 'y' } });
      expect(labels).toEqual({ ...LABELS, ['n'.repeat(200)]: 'y' });
    });

    it('is itself while it is not', () => {
      const labels = { ...many(90, 100), ...LABELS };
      const annotations = many(40, 200);
      const alert = of({ labels, annotations });
      expect(alert.labels).toBe(labels);
      expect(alert.annotations).toBe(annotations);
    });

    it('is read in time, with 300,000 labels', () => {
      const labels = { ...many(300_000, 1), ...LABELS };
      const begin = performance.now();
      of({ labels, fingerprint: '0123456789abcdef' });
      expect(performance.now() - begin).toBeLessThan(10_000);
    });
  });

  it.each<[string, object, string]>([
    ['a nested label', { labels: { severity: {} } }, 'alerts[0].labels.severity: expected a string, got an object'],
    ['a list as label', { labels: { 'a b': [] } }, 'alerts[0].labels["a b"]: expected a string, got a list'],
    ['a nested annotation', { annotations: { x: {} } }, 'alerts[0].annotations.x: expected a string, got an object'],
    ['no labels', { labels: undefined }, 'alerts[0].labels: expected an object of strings, got nothing'],
    ['labels as list', { labels: [] }, 'alerts[0].labels: expected an object of strings, got a list'],
    ['annotations as text', { annotations: 'x' }, 'alerts[0].annotations: expected an object of strings, got "x"'],
    ['another status', { status: 'pending' }, 'alerts[0].status: expected "firing" or "resolved", got "pending"'],
    ['a status of a wrong type', { status: 1 }, 'alerts[0].status: expected "firing" or "resolved", got the number 1'],
    ['no time', { startsAt: 'now' }, 'alerts[0].startsAt: expected a time such as 2024-01-15T14:30:25Z, got "now"'],
    [
      'a number as time',
      { startsAt: 5 },
      'alerts[0].startsAt: expected a time such as 2024-01-15T14:30:25Z, got the number 5',
    ],
  ])('refuses %s', (_name, alert, error) => {
    expect(errors(one(alert))).toEqual([error]);
  });

  it('refuses an alert for which nothing says firing or resolved', () => {
    expect(errors(one({}, {}))).toEqual([
      'alerts[0].status: neither the alert nor the webhook says firing or resolved',
    ]);
    expect(errors(one({ status: 'firing' }, { status: 'odd' }))).toEqual([]);
  });

  it('refuses a bad alert by itself and keeps the order', () => {
    const payload = parse({ status: 'firing', alerts: [ALERT, 7, ALERT, null, { labels: { a: {} } }] });
    expect(payload.alerts.map((alert) => (isRefused(alert) ? alert.field : 'taken'))).toEqual([
      'taken',
      'alerts[1]',
      'taken',
      'alerts[3]',
      'alerts[4].labels.a',
    ]);
  });

  it('counts alerts beyond its bound as truncated', () => {
    const payload = parse({ status: 'firing', truncatedAlerts: 2, alerts: Array(MAX_ALERTS + 5).fill(ALERT) });
    expect(payload.alerts).toHaveLength(MAX_ALERTS);
    expect(payload.truncated).toBe(7);
  });

  it.each<[unknown, string]>([
    [[], 'the body: expected a JSON object, got a list'],
    [null, 'the body: expected a JSON object, got null'],
    ['x', 'the body: expected a JSON object, got "x"'],
    [{}, 'alerts: expected a list, got nothing'],
    [{ alerts: {} }, 'alerts: expected a list, got an object'],
  ])('refuses the body %j', (body, message) => {
    expect(() => parse(body)).toThrow(new PayloadError(message));
  });

  it('takes an empty list', () => {
    expect(parse({ alerts: [] })).toEqual({ status: undefined, groupKey: null, truncated: 0, alerts: [] });
  });

  it('lets no label reach a prototype', () => {
    const text = `{"status":"firing","alerts":[{"fingerprint":"__proto__","labels":{"__proto__":{"polluted":"x"},"a":"1"}},
      {"fingerprint":"constructor","labels":{"__proto__":"x","constructor":"y","toString":"z"}}]}`;
    const payload = parse(JSON.parse(text));
    expect(errors(payload)).toEqual(['alerts[0].labels.__proto__: expected a string, got an object']);
    const [, second] = payload.alerts;
    const { labels, fingerprint } = (second as TakenAlert).alert;
    expect(Object.entries(labels)).toEqual([
      ['constructor', 'y'],
      ['toString', 'z'],
    ]);
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('never throws anything else, and what it takes is plain data', () => {
    const key = fc.oneof(
      fc.constantFrom('status', 'labels', 'annotations', 'startsAt', 'endsAt', 'fingerprint', 'generatorURL'),
      fc.string(),
    );
    const junk = fc.jsonValue({ maxDepth: 3 });
    const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: junk });
    const texts = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }));
    const alert = fc.oneof(
      fc.dictionary(key, junk),
      fc.record({
        status: mostly(fc.constantFrom('firing', 'resolved', undefined)),
        labels: mostly(texts),
        annotations: mostly(texts),
        startsAt: mostly(fc.constant('2026-11-21T19:00:00Z')),
        fingerprint: mostly(fc.string()),
      }),
    );
    const body = mostly(fc.record({ status: mostly(fc.constant('firing')), alerts: mostly(fc.array(mostly(alert))) }));
    let accepted = 0;
    fc.assert(
      fc.property(body, (value) => {
        let payload: Payload;
        try {
          payload = parse(JSON.parse(JSON.stringify(value)));
        } catch (error) {
          expect(error).toBeInstanceOf(PayloadError);
          return;
        }
        for (const parsed of payload.alerts) {
          if (isRefused(parsed)) {
            expect(parsed.error).toMatch(/^alerts\[\d+\]/);
            expect(parsed.error.length).toBeLessThan(250);
            continue;
          }
          accepted++;
          expect(['firing', 'resolved']).toContain(parsed.alert.status);
          expect(parsed.alert.fingerprint).toMatch(/^[0-9a-f]{16,64}$/);
          expect(Number.isSafeInteger(parsed.alert.startsAt)).toBe(true);
          for (const map of [parsed.alert.labels, parsed.alert.annotations]) {
            expect(Object.values(map).every((text) => typeof text === 'string')).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('channelRule', () => {
  const open = channelRule({ slackChannel: 'C0123456789', slackChannels: [] });
  const closed = channelRule({ slackChannel: 'C0123456789', slackChannels: ['C1111111111'] });

  it.each<[typeof open, string | undefined, unknown, string, string | undefined]>([
    [open, undefined, undefined, 'C0123456789', undefined],
    [open, undefined, 'C2222222222', 'C2222222222', undefined],
    [open, 'G1111111111', 'C2222222222', 'G1111111111', undefined],
    [open, '#general', 'C2222222222', 'C0123456789', 'slack_channel "#general" is no channel id: sent to C0123456789'],
    [open, undefined, ['C2222222222'], 'C0123456789', '?channel= a list is no channel id: sent to C0123456789'],
    [open, undefined, '', 'C0123456789', undefined],
    [closed, 'C1111111111', undefined, 'C1111111111', undefined],
    [closed, 'C0123456789', undefined, 'C0123456789', undefined],
    [
      closed,
      'C2222222222',
      undefined,
      'C0123456789',
      'slack_channel "C2222222222" is not in SLACK_CHANNELS: sent to C0123456789',
    ],
  ])('%#', (rule, label, query, channel, note) => {
    expect(rule(label, query)).toEqual(note === undefined ? { channel } : { channel, note });
  });
});
