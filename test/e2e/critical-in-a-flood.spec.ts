import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { withSlack } from '../support/service-environment.js';
import { endServices, startService } from '../support/service-process.js';
import { smallPod } from '../support/small-pod.js';
import { SlackChannel } from '../support/slack-channel.js';
import { databaseDown, TITLE } from '../support/people-world.js';
import { wideWebhook } from '../support/wide-webhooks.js';

const PROBLEMS = 800;
const MAX_OPEN = 200;
const SHOWN_WITHIN_MS = 10_000;

describe('a flood of critical problems of one alertname', () => {
  let simulator: Simulator;
  afterAll(async () => {
    await endServices();
    await simulator.close();
  });

  it(`leaves a later critical alert of another name shown within ${SHOWN_WITHIN_MS / 1_000} s`, async () => {
    simulator = await startSimulator();
    const env = withSlack(simulator, { WEBHOOK_WAIT: '0', MAX_OPEN: String(MAX_OPEN) });
    const service = await startService({ env, command: smallPod() });
    const labels = (n: number) => ({ alertname: 'RequestSlow', severity: 'critical', service: `request-${n}` });
    for (let from = 0; from < PROBLEMS; from += 100) {
      expect((await service.post('/alert', wideWebhook(100, { from, labels }))).status).toBe(200);
    }
    const channel = new SlackChannel(simulator);
    const began = performance.now();
    const answer = await service.post('/alert', { version: '4', status: 'firing', alerts: [databaseDown()] });
    expect(answer.status).toBe(200);
    await service.until(
      'the critical alert',
      () => channel.roots().some((root) => JSON.stringify(root.blocks).includes(TITLE)),
      { timeoutMs: SHOWN_WITHIN_MS, instead: () => `${channel.roots().length} roots are there` },
    );
    process.stderr.write(
      `a critical alert in a flood: shown after ${((performance.now() - began) / 1_000).toFixed(1)} s\n`,
    );
    await service.stop();
  });
});
