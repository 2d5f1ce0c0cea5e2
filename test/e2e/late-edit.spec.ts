import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel, titleOf } from '../support/slack-channel.js';

const alertOf = (instance: string, status: 'firing' | 'resolved') => ({
  status,
  labels: { alertname: 'DiskFull', severity: 'warning', instance },
  annotations: { summary: 'Disk is full' },
  startsAt: '2024-01-15T14:30:25Z',
  ...(status === 'resolved' ? { endsAt: '2024-01-15T14:45:30Z' } : {}),
});
const webhook = (status: 'firing' | 'resolved', ...instances: string[]) => ({
  status,
  alerts: instances.map((instance) => alertOf(instance, status)),
});

describe('an edit whose answer was lost and that Slack makes only after the next one', () => {
  let simulator: Simulator;
  let service: ServiceProcess;

  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withSlack(simulator, NO_PACE) });
  }, 30_000);
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });

  it('does not stay: the root tells the truth in the end', async () => {
    const channel = new SlackChannel(simulator);
    await service.post('/alert', webhook('firing', 'db1'));
    const thread = await channel.expectThread('⚠️ Disk is full');
    const late = simulator.faults.add({ kind: 'late-accept', answer: 'reset', delayMs: 3_500, method: 'chat.update' });
    await service.post('/alert', webhook('firing', 'db1', 'db2'));
    await thread.expectReply(/db2 joined/);
    await service.until('the edit that is lost', () => late.hits === 1);
    await service.post('/alert', webhook('resolved', 'db1', 'db2'));
    await thread.expectReply(/✅ RESOLVED/);
    await thread.expectRoot('✅ Disk is full');
    await service.until('the lost edit to come', () => titleOf(thread.root).startsWith('⚠️'));

    await service.until('the root to be true again', () => titleOf(thread.root).startsWith('✅'), {
      timeoutMs: 90_000,
    });
    await service.stop();
  }, 130_000);
});
