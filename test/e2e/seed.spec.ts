import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { CHANNEL, SlackChannel } from '../support/slack-channel.js';

/** The alert of the first version's README, which people have in their scripts. */
const ALERT = {
  labels: {
    alertname: 'TestCritical',
    severity: 'critical',
    service: 'database',
    cluster: 'production',
    instance: 'db01.example.com',
  },
  annotations: {
    summary: 'Database Critical Failure',
    description: 'MySQL connection completely failed',
    runbook_url: 'https://docs.example.com/runbooks/db-failure',
  },
  startsAt: '2024-01-15T14:30:25Z',
};
const KEY = 'TestCritical|critical|database|production|production';
const FIRING = { status: 'firing', alerts: [ALERT] };
const RESOLVED = { status: 'resolved', alerts: [{ ...ALERT, endsAt: '2024-01-15T14:45:30Z' }] };
const TS = /^\d{10}\.\d{6}$/;

const FIXTURES = join(__dirname, '../fixtures/webhooks');

describe('what the first version promised', () => {
  let simulator: Simulator;
  let service: ServiceProcess;
  let channel: SlackChannel;

  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
    service = await startService({ env: withSlack(simulator, NO_PACE) });
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });

  it('its curl is answered as before, and its resolved twin ends the thread', async () => {
    const fired = await service.post('/alert', FIRING);
    expect(fired.status).toBe(200);
    expect(fired.body).toEqual({
      ok: true,
      count: 1,
      status: 'firing',
      group_key: null,
      thread_store: 'file',
      results: [
        {
          key: KEY,
          thread_ts: expect.stringMatching(TS) as string,
          status: 'firing',
          alertname: 'TestCritical',
          severity: 'critical',
          incident_id: expect.stringMatching(/^INC-\d{14}-[0-9a-f]{8}$/) as string,
        },
      ],
    });
    const thread = await channel.expectThread('🚨 Database Critical Failure');
    expect(thread.ts).toBe(fired.body.results[0].thread_ts);
    await thread.expectRoot('🚨 Database Critical Failure', { color: '#E01E5A' });
    for (const shown of [
      '*Severity:* CRITICAL',
      '*Environment:* production',
      '*Service:* database',
      '*Cluster:* production',
      '*Instance:* db01.example.com',
      '*Description:*\nMySQL connection completely failed',
      '*Runbook:* <https://docs.example.com/runbooks/db-failure|View Runbook>',
      '2024-01-15 14:30:25 UTC',
      'env=production | alertname=TestCritical',
    ]) {
      expect(thread.text).toContain(shown);
    }

    const resolved = await service.post('/alert', RESOLVED);
    expect(resolved.body).toMatchObject({
      ok: true,
      status: 'resolved',
      results: [{ key: KEY, thread_ts: thread.ts }],
    });
    await thread.expectReply(/^✅ RESOLVED — Database Critical Failure\n/);
    const [reply] = thread.replies;
    expect(reply?.attachments.map(({ color }) => color)).toEqual(['2EB67D']);
    expect(JSON.stringify(reply?.attachments)).toMatch(
      /Started:.*2024-01-15 14:30:25 UTC.*Resolved:.*2024-01-15 14:45:30 UTC/,
    );
    await thread.expectRoot('✅ Database Critical Failure', { color: '#2EB67D' });
    await channel.expectNothingElse(service);
    expect(await service.stop()).toMatchObject({ code: 0 });
  });

  it('health, stats and cache have the fields that scripts read', async () => {
    await service.post('/alert', FIRING);
    const { ts } = await channel.expectThread('🚨 Database Critical Failure');
    await service.idle();

    const health = await service.get('/health');
    expect(health.status).toBe(200);
    expect(health.body).toEqual({
      status: 'healthy',
      environment: 'production',
      channel: CHANNEL,
      thread_store: 'file',
      cached_threads: 1,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) as string,
      details: expect.objectContaining({ thread_store: { status: 'up' } }) as object,
    });
    for (const probe of ['/health/live', '/health/ready']) expect((await service.get(probe)).status).toBe(200);

    const stats = await service.get('/stats');
    expect(stats.body).toMatchObject({
      cached_threads: 1,
      thread_store: 'file',
      environment: 'production',
      uptime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      incidents: { firing: 1, acknowledged: 0, resolved: 0 },
      queue: { depth: 0 },
      slack_calls: { 'chat.postMessage': { ok: 1 } },
    });

    expect((await service.get('/cache')).body).toEqual({
      cached_threads: 1,
      threads: { [KEY]: ts },
      thread_store: 'file',
    });
    const cleared = await fetch(`${service.url}/cache`, { method: 'DELETE' });
    expect(await cleared.json()).toEqual({ message: expect.any(String) as string, cleared: 1 });
    expect((await service.get('/cache')).body).toEqual({ cached_threads: 0, threads: {}, thread_store: 'file' });
    await channel.expectNothingElse(service);
    await service.stop();
  });

  it('every captured webhook of a real Alertmanager is taken, and Slack takes what comes of it', async () => {
    const accepted = new Set<string>();
    let count = 0;
    for (const name of readdirSync(FIXTURES)) {
      const payload = JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as { alerts: object[] };
      const answer = await service.post('/alert', payload);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.body.count).toBe(payload.alerts.length);
      for (const result of answer.body.results) {
        expect([name, result.error]).toEqual([name, undefined]);
        count += 1;
        if (result.incident_id !== undefined) accepted.add(result.key);
      }
    }
    await service.until('every thread to be shown', async () => {
      const { threads } = (await service.get('/cache')).body as { threads: Record<string, string> };
      return [...accepted].every((key) => threads[key] !== undefined);
    });
    await service.idle();
    expect(count).toBeGreaterThan(100);
    expect(channel.roots()).toHaveLength(accepted.size);
    expect(simulator.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(simulator.calls.flatMap(({ unknownArguments }) => unknownArguments)).toEqual([]);
    await service.stop();
  });
});
