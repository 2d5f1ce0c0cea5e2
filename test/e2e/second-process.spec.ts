import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, ServiceProcess, startService } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const FIRING = {
  status: 'firing',
  alerts: [{ labels: { alertname: 'DiskFull', severity: 'warning' }, annotations: { summary: 'Disk is full' } }],
};

describe('two processes and one file', () => {
  let simulator: Simulator;
  let folder: TempFolder;
  const settings = () => ({ env: withSlack(simulator, NO_PACE), file: folder.file('threads.json') });
  const start = (): Promise<ServiceProcess> => startService(settings());

  beforeEach(async () => {
    folder = new TempFolder();
    simulator = await startSimulator({ pace: 'off' });
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
    folder.remove();
  });

  it('refuses the second one with one clear line, and leaves the first alone', async () => {
    const first = await start();
    const second = new ServiceProcess(settings());
    expect(await second.refusal()).toEqual({ code: 1, signal: null });
    expect(second.stderr).toMatch(
      /^alert-threader: .*: process \d+ on \S+ \(since .*\) uses this file and holds .*\. Stop it first, or give .*\n$/,
    );
    expect(second.stderr).toContain(`process ${first.pid} on`);
    expect(second.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(second.log.filter(({ level }) => level >= 40)).toEqual([]);

    expect((await first.post('/alert', FIRING)).body.results[0].thread_ts).not.toBeNull();
    expect((await first.get('/health')).status).toBe(200);
    await first.stop();
  });

  it('starts again after kill -9, with everything that was accepted', async () => {
    const channel = new SlackChannel(simulator);
    const first = await start();
    await first.post('/alert', FIRING);
    const thread = await channel.expectThread('⚠️ Disk is full');
    await first.kill9();

    const second = await start();
    expect((await second.get('/cache')).body.threads).toEqual({
      'DiskFull|warning|unknown|default|production': thread.ts,
    });
    await second.post('/alert', { ...FIRING, status: 'resolved' });
    await thread.expectReply(/^✅ RESOLVED — Disk is full/);
    await thread.expectRoot('✅ Disk is full');
    await channel.expectNothingElse(second);
    await second.stop();
  });

  it('starts after a clean end', async () => {
    await (await start()).stop();
    await (await start()).stop();
  });
});
