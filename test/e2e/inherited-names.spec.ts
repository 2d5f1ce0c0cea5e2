import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { INHERITED_NAMES } from '../support/inherited-names.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

/** Two alerts of one thread, the first of them with labels and annotations of these names. As JSON: `{ __proto__: … }` is none. */
const pair = (alertname: string, severity: string, labels: string, annotations: string): string => {
  const both = `"alertname":"${alertname}","severity":"${severity}"`;
  const started = '"startsAt":"2024-01-15T14:30:25Z"';
  const first = `{"labels":{${both},${labels}},"annotations":{${annotations}},${started}}`;
  return `{"status":"firing","alerts":[${first},{"labels":{${both},"zone":"b"},${started}}]}`;
};

const OTHERS = Array.from({ length: 20 }, (_, n) => `Other${n}`);

describe('names that every object has', () => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let folder: TempFolder;
  const start = (): Promise<ServiceProcess> =>
    startService({
      env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }),
      file: folder.file('threads.json'),
    });
  const failures = (service: ServiceProcess) => service.log.filter(({ level }) => level >= 40);

  beforeEach(async () => {
    folder = new TempFolder();
    simulator = await startSimulator({ pace: 'off' });
    channel = new SlackChannel(simulator);
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
    folder.remove();
  });

  it('are labels, annotations, alertnames and severities like others', async () => {
    const service = await start();
    for (const [n, name] of INHERITED_NAMES.entries()) {
      const good = `"summary":"Annotation ${n}"`;
      const bodies = [
        pair(`Label${n}`, 'critical', `"${name}":"${name}"`, `"summary":"Label ${n}"`),
        pair(`Annotation${n}`, 'critical', '"zone":"a"', `"${name}":"${name}",${good}`),
        pair(`Value${n}`, 'critical', `"pod":"${name}","device":"${name}"`, `"summary":"Value ${n} ${name}"`),
        pair(name, 'critical', '"zone":"a"', `"summary":"Alertname ${n}"`),
        pair(`Severity${n}`, name, '"zone":"a"', `"summary":"Severity ${n}"`),
      ];
      for (const body of bodies) expect((await service.post('/alert', body)).status).toBe(200);
      await channel.expectThread(`🚨 Label ${n}`);
      await channel.expectThread(`🚨 Annotation ${n}`);
      await channel.expectThread(`🚨 Value ${n} ${name}`);
      await channel.expectThread(`🚨 Alertname ${n}`);
      await channel.expectThread(`📢 Severity ${n}`);
    }
    await service.idle();
    expect(channel.roots().length).toBe(5 * INHERITED_NAMES.length);
    expect(failures(service)).toEqual([]);
    expect((await service.get('/incidents?limit=200')).body.items.length).toBe(5 * INHERITED_NAMES.length);
    expect((await service.get('/health')).body.status).toBe('healthy');
    await service.stop();
  });

  it('hold up no other thread that waits when the service starts again while Slack is away', async () => {
    const first = await start();
    simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status: 503, times: Infinity });
    await first.post('/alert', pair('Broken', 'critical', '"toString":"x"', '"summary":"Broken"'));
    for (const name of OTHERS) await first.post('/alert', pair(name, 'critical', '"zone":"a"', `"summary":"${name}"`));
    await first.kill9();

    const second = await start();
    await simulator.faults.clear();
    for (const name of ['Broken', ...OTHERS]) await channel.expectThread(`🚨 ${name}`);
    await second.idle();
    expect(channel.roots().length).toBe(1 + OTHERS.length);
    expect(second.log.filter(({ level }) => level >= 50)).toEqual([]);
    await second.stop();
  });
});
