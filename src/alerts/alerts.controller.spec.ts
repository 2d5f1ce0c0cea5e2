import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { startHttpApp } from '../../test/support/http-app.js';
import type { LogLines } from '../../test/support/log-lines.js';
import type { ManualClock } from '../../test/support/manual-clock.js';
import type { EnvironmentVariables } from '../config/load-config.js';
import { OperatorNotice } from '../delivery/operator-notice.js';
import { threadKey } from '../domain/thread-key.js';
import { AlertReceiver, type ReceivedAlert, type ReceivedOutcome } from '../incidents/receive.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { AlertsController } from './alerts.controller.js';
import { PauseWatch } from './pause-watch.js';
import { WebhookAuth } from './webhook-auth.middleware.js';
import { WebhookBody } from './webhook-body.middleware.js';

const LABELS = ['alertname', 'severity', 'service', 'cluster'];

class FakeReceiver extends AlertReceiver {
  received: readonly ReceivedAlert[] = [];
  failure: Error | undefined;
  outcome: Partial<ReceivedOutcome> = {};

  override receive(alerts: readonly ReceivedAlert[]): Promise<readonly ReceivedOutcome[]> {
    if (this.failure) return Promise.reject(this.failure);
    this.received = alerts;
    return Promise.resolve(
      alerts.map(({ alert, channel }) => ({
        key: threadKey(alert.labels, LABELS, 'production'),
        record: { key: threadKey(alert.labels, LABELS, 'production'), channel },
        incidentId: 'INC-20240115143025-0123abcd',
        threadTs: '1234567890.123456',
        pending: false,
        reason: 'opened',
        ...this.outcome,
      })),
    );
  }
}

class FakeNotice extends OperatorNotice {
  readonly said: string[] = [];

  override say(text: string): Promise<void> {
    this.said.push(text);
    return Promise.reject(new Error('Slack is down'));
  }
}

/** The example of the documentation of the earlier version. */
const SEED = {
  status: 'firing',
  groupKey: 'test-group-1',
  alerts: [
    {
      labels: {
        alertname: 'TestAlert',
        severity: 'critical',
        service: 'database',
        cluster: 'production',
        instance: 'db01.example.com',
        job: 'mysql-exporter',
      },
      annotations: { summary: 'Database Critical Failure' },
      startsAt: '2024-01-15T14:30:25Z',
      endsAt: '2024-01-15T14:45:30Z',
    },
  ],
};

describe('POST /alert', () => {
  let app: NestExpressApplication;
  let receiver: FakeReceiver;
  let notice: FakeNotice;
  let clock: ManualClock;
  let log: LogLines;

  const start = async (environment: EnvironmentVariables = {}): Promise<void> => {
    receiver = new FakeReceiver();
    notice = new FakeNotice();

    @Module({
      controllers: [AlertsController],
      providers: [
        PauseWatch,
        { provide: AlertReceiver, useValue: receiver },
        { provide: OperatorNotice, useValue: notice },
      ],
    })
    class TestModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(WebhookAuth, WebhookBody).forRoutes(AlertsController);
      }
    }

    ({ app, clock, log } = await startHttpApp({ imports: [TestModule] }, environment));
  };

  const post = (body?: object | string, path = '/alert'): request.Test => {
    const test = request(app.getHttpServer()).post(path).set('Content-Type', 'application/json');
    return body === undefined ? test : test.send(body);
  };

  beforeEach(() => start());
  afterEach(() => app.close());

  it("answers the seed's example in the seed's shape", async () => {
    await post(SEED).expect(200, {
      ok: true,
      count: 1,
      status: 'firing',
      group_key: 'test-group-1',
      thread_store: 'file',
      results: [
        {
          key: 'TestAlert|critical|database|production|production',
          thread_ts: '1234567890.123456',
          status: 'firing',
          alertname: 'TestAlert',
          severity: 'critical',
          incident_id: 'INC-20240115143025-0123abcd',
        },
      ],
    });
    expect(receiver.received).toMatchObject([{ channel: 'C0123456789', truncated: 0, alert: { status: 'firing' } }]);
  });

  it("takes Alertmanager's webhook and passes on how many alerts it left out", async () => {
    const file = join(__dirname, '../../test/fixtures/webhooks/am025-max_alerts3-truncated-firing.json');
    const body = JSON.parse(readFileSync(file, 'utf8')) as { truncatedAlerts: number };
    const { body: answer } = await post(body).expect(200);
    expect(answer.count).toBe(3);
    expect(receiver.received.map(({ truncated }) => truncated)).toEqual(Array(3).fill(body.truncatedAlerts));
    expect(body.truncatedAlerts).toBeGreaterThan(0);
  });

  it('says what is pending, and what belongs to no incident', async () => {
    receiver.outcome = { threadTs: null, pending: true };
    const { body: pending } = await post(SEED).expect(200);
    expect(pending.results[0]).toMatchObject({ thread_ts: null, pending: true });
    receiver.outcome = { threadTs: null, incidentId: undefined, reason: 'unknown-resolve' };
    const { body: ignored } = await post({ ...SEED, status: 'resolved' }).expect(200);
    expect(ignored.results[0]).toEqual({
      key: 'TestAlert|critical|database|production|production',
      thread_ts: null,
      status: 'resolved',
      alertname: 'TestAlert',
      severity: 'critical',
      note: 'resolved, but no thread of it is known: nothing is shown',
    });
    receiver.outcome = { threadTs: null, incidentId: undefined, reason: 'already-resolved' };
    const { body: again } = await post({ ...SEED, status: 'resolved' }).expect(200);
    expect(again.results[0].note).toBe('resolved before: nothing new is shown');
  });

  it('fills in missing labels and a missing status', async () => {
    const { body } = await post({
      alerts: [
        { status: 'resolved', labels: {} },
        { status: 'firing', labels: { severity: '' } },
      ],
    });
    expect(body).toMatchObject({ ok: true, status: 'firing', group_key: null });
    expect(body.results[1]).toMatchObject({
      alertname: 'unknown',
      severity: 'info',
      key: 'unknown|info|unknown|default|production',
    });
  });

  it('refuses a bad alert by itself, in its place', async () => {
    const bad = { labels: { severity: {} } };
    const { body } = await post({ ...SEED, alerts: [bad, SEED.alerts[0], 'x'] }).expect(200);
    expect(body.count).toBe(3);
    const results = body.results as { error?: string }[];
    expect(results.map(({ error }) => error)).toEqual([
      'alerts[0].labels.severity: expected a string, got an object',
      undefined,
      'alerts[2]: expected an object, got "x"',
    ]);
    expect(results[0]).toMatchObject({ key: null, thread_ts: null, status: null });
    expect(body.results[1].key).toBe('TestAlert|critical|database|production|production');
    expect(receiver.received).toHaveLength(1);
    const fields = ['alerts[0].labels.severity', 'alerts[2]'];
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'alerts of a webhook refused',
        fields: { status: 'firing', alerts: 3, truncated: 0, taken: 1, refused: 2, fields },
      },
    ]);
  });

  it('logs one line a webhook, at debug', async () => {
    await post(SEED).expect(200);
    expect(log.lines).toEqual([]);
    await app.close();
    await start({ LOG_LEVEL: 'debug' });
    await post(SEED).expect(200);
    const fields = { status: 'firing', alerts: 1, truncated: 0, taken: 1 };
    expect(log.lines).toEqual([{ level: 'debug', message: 'webhook taken', fields }]);
  });

  it('answers 400 with the reasons when every alert is bad', async () => {
    const { body } = await post({ status: 'firing', alerts: Array(25).fill(7) }).expect(400);
    expect(body).toMatchObject({ ok: false, statusCode: 400 });
    expect(body.error).toMatch(/^no alert could be taken: alerts\[0\]: .*alerts\[19\]: [^;]*; and 5 more$/);
    expect(receiver.received).toEqual([]);
  });

  it('takes an empty list', async () => {
    await post({ status: 'resolved', alerts: [] }).expect(200, {
      ok: true,
      count: 0,
      status: 'resolved',
      group_key: null,
      thread_store: 'file',
      results: [],
    });
  });

  it.each<[string, string | undefined, string]>([
    ['broken JSON', '{"alerts":[', 'the body is no JSON: '],
    ['an empty body', undefined, 'the body: expected JSON'],
    ['a list', '[]', 'the body: expected a JSON object, got a list'],
    ['a text', '"x"', 'the body: expected a JSON object, got "x"'],
    ['no alerts', '{"status":"firing"}', 'alerts: expected a list, got nothing'],
    ['alerts that are no list', '{"alerts":{"0":{}}}', 'alerts: expected a list, got an object'],
    ['deep nesting', '['.repeat(200_000), 'the body is nested deeper than 64 levels'],
  ])('answers 400 to %s', async (_name, body, error) => {
    const { body: answer } = await post(body).expect(400);
    expect(answer).toEqual({ ok: false, error: expect.stringContaining(error), statusCode: 400 });
  });

  const TOKEN = 'Zx81kQpW3nLmR7tYv2cBdF5gHjK9sA0uEiO4wXyQ5678';
  it.each<[string, string]>([
    ['a status', JSON.stringify({ alerts: [{ status: TOKEN, labels: {} }] })],
    ['a time', JSON.stringify({ alerts: [{ status: 'firing', labels: {}, startsAt: `at ${TOKEN}` }] })],
    ['labels', JSON.stringify({ alerts: [{ status: 'firing', labels: `Bearer ${TOKEN}` }] })],
    ["a label's name", JSON.stringify({ alerts: [{ status: 'firing', labels: { [TOKEN]: {} } }] })],
    ['the body', JSON.stringify(TOKEN)],
    ['broken JSON', `{"alerts": ${TOKEN}}`],
  ])('tells no part of a token in place of %s, to the sender and to the log', async (_name, body) => {
    const { body: answer } = await post(body).expect(400);
    const told = JSON.stringify([answer, log.lines]);
    for (let at = 0; at + 8 <= TOKEN.length; at++) expect(told).not.toContain(TOKEN.slice(at, at + 8));
    expect(answer.error).not.toBe('');
  });

  it('wants to be told that it is JSON', async () => {
    const { body } = await post(JSON.stringify(SEED)).set('Content-Type', 'text/plain').expect(400);
    expect(body.error).toContain('Content-Type: application/json');
    await post(JSON.stringify(SEED)).set('Content-Type', 'application/json; charset=utf-8').expect(200);
    await post(`\uFEFF${JSON.stringify(SEED)}`).expect(200);
    await post(SEED).set('Content-Encoding', 'gzip').expect(415);
  });

  it.each<[string, string, string | undefined, string, string | undefined]>([
    ['/alert?channel=C2222222222', '', undefined, 'C2222222222', undefined],
    ['/alert?channel=C2222222222', '', 'C3333333333', 'C3333333333', undefined],
    [
      '/alert?channel=general',
      '',
      undefined,
      'C0123456789',
      '?channel= "general" is no channel id: sent to C0123456789',
    ],
    ['/alert?channel[]=C2222222222', '', undefined, 'C0123456789', undefined],
    ['/alert', '', '#ops', 'C0123456789', 'slack_channel "#ops" is no channel id: sent to C0123456789'],
    [
      '/alert?channel=C2222222222',
      'C9999999999',
      undefined,
      'C0123456789',
      '?channel= "C2222222222" is not in SLACK_CHANNELS: sent to C0123456789',
    ],
  ])('%s with SLACK_CHANNELS=%s and the label %s goes to %s', async (path, channels, label, channel, note) => {
    await app.close();
    await start({ SLACK_CHANNELS: channels });
    const labels = { alertname: 'A', ...(label !== undefined && { slack_channel: label }) };
    const { body } = await post({ status: 'firing', alerts: [{ labels }] }, path).expect(200);
    expect(receiver.received[0]?.channel).toBe(channel);
    expect(body.results[0].note).toBe(note);
  });

  it('answers 503 with Retry-After when the store takes nothing, and hides its paths', async () => {
    receiver.failure = new StoreUnavailableError('write /secret/path: no space', 'ENOSPC');
    const { body, headers } = await post(SEED).expect(503);
    expect(headers['retry-after']).toBe('5');
    expect(body).toEqual({
      ok: false,
      error: 'the store takes nothing at the moment (ENOSPC); try again',
      statusCode: 503,
    });
  });

  it('answers 500 without internals when we fail', async () => {
    receiver.failure = new TypeError('/home/secret.ts broke');
    const { body } = await post(SEED).expect(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    const fields = { method: 'POST', path: '/alert', statusCode: 500, err: receiver.failure };
    expect(log.lines).toEqual([{ level: 'error', message: 'request failed', fields }]);
  });

  describe('large bodies', () => {
    const padded = (bytes: number): string => {
      const text = JSON.stringify({ ...SEED, padding: '' });
      return text.replace('"padding":""', `"padding":"${'x'.repeat(bytes - text.length)}"`);
    };

    it('takes 10 MB', async () => {
      await post(padded(10 * 1_048_576)).expect(200);
    });

    it('refuses more with 413 and tells the operators once an hour', async () => {
      const { body } = await post(padded(10 * 1_048_576 + 1)).expect(413);
      expect(body).toEqual({ ok: false, error: 'the body is larger than 10 MB', statusCode: 413 });
      await post(padded(11 * 1_048_576)).expect(413);
      expect(notice.said).toEqual([expect.stringContaining('more than 10 MB')]);
      clock.jump(3_599_999);
      await post(padded(11 * 1_048_576)).expect(413);
      expect(notice.said).toHaveLength(1);
      clock.jump(1);
      await post(padded(11 * 1_048_576)).expect(413);
      expect(notice.said).toHaveLength(2);
      expect(receiver.received).toEqual([]);
    });

    it('refuses more where the length is not announced', async () => {
      const test = post().set('Transfer-Encoding', 'chunked');
      for (let i = 0; i < 12; i++) test.write('x'.repeat(1_048_576));
      await test.expect(413);
    });
  });

  describe('with WEBHOOK_TOKEN', () => {
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

    beforeEach(async () => {
      await app.close();
      await start({ WEBHOOK_TOKEN: 'to:ken' });
    });

    it.each(['Bearer to:ken', 'bearer  to:ken', basic('alertmanager:to:ken'), basic(':to:ken')])(
      'takes %s',
      async (header) => {
        await post(SEED).set('Authorization', header).expect(200);
      },
    );

    const MISSING = 'no token was sent: ';
    const WRONG = 'the token that was sent is another one: ';
    const UNREADABLE = 'the Authorization header has another form: ';

    it.each([
      [MISSING, undefined],
      [UNREADABLE, ''],
      [UNREADABLE, 'Bearer'],
      [WRONG, 'Bearer wrong'],
      [UNREADABLE, 'to:ken'],
      [WRONG, basic('to:ken')],
      [UNREADABLE, basic('to')],
      [UNREADABLE, 'Basic %%%'],
      [UNREADABLE, 'Digest to:ken'],
    ])('refuses, since %s%s, without reading the body', async (reason, header) => {
      const test = post('no json');
      if (header !== undefined) test.set('Authorization', header);
      const { body, headers } = await test.expect(401);
      const error = `${reason}send the value of WEBHOOK_TOKEN as "Authorization: Bearer …", or as the password of basic authentication`;
      expect(body).toEqual({ ok: false, error, statusCode: 401 });
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(JSON.stringify(body)).not.toContain('to:ken');
    });
  });
});
