import { readFileSync, writeFileSync } from 'node:fs';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { NO_PACE, withPeople } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

const OTHERS = Array.from({ length: 20 }, (_, n) => `Other${n}`);

const firing = (alertname: string, instance = 'a'): object => ({
  status: 'firing',
  alerts: [
    { labels: { alertname, severity: 'critical', instance }, annotations: { summary: `Summary of ${alertname}` } },
  ],
});

describe('a file that somebody edited by hand', () => {
  let simulator: Simulator;
  let channel: SlackChannel;
  let folder: TempFolder;
  const file = (): string => folder.file('threads.json');
  const start = (): Promise<ServiceProcess> =>
    startService({ env: withPeople(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }), file: file() });

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

  it('keeps no other thread from Slack, and says what is wrong with its own', async () => {
    const before = await start();
    simulator.faults.add({ method: 'chat.postMessage', kind: 'http', status: 503, times: Infinity });
    for (const name of ['NoLead', 'NoTypes', 'NoTime', ...OTHERS]) await before.post('/alert', firing(name));
    await before.stop();
    const edited = readFileSync(file(), 'utf8')
      .split('\n')
      .map((line) => {
        if (line.includes('"NoLead|')) return line.replace(/"lead":"\w+"/g, '"lead":"nobody"');
        if (line.includes('"NoTypes|')) return line.replace(/"labels":\{[^}]*\}/g, '"labels":7');
        return line.includes('"NoTime|') ? line.replace(/"openedAt":\d+/g, '"openedAt":9e99') : line;
      });
    writeFileSync(file(), edited.join('\n'));

    const service = await start();
    await simulator.faults.clear();
    for (const name of OTHERS) await channel.expectThread(`🚨 Summary of ${name}`);
    await channel.expectThread('🚨 Summary of NoTime');
    const plain = await channel.expectThread(
      /^🚨 NoLead · critical · unknown · default · production: its card could not be made \(an error of Alert Threader; see its log\)$/,
    );
    await channel.expectNothingElse(service);

    const { body: health } = await service.get('/health');
    expect(health).toMatchObject({ status: 'degraded', details: { records_apart: { count: 1 } } });
    expect(health.details.records_apart.records).toMatchObject([
      { key: 'NoLead|critical|unknown|default|production', reason: 'unmade', code: 'Error' },
    ]);
    expect((await service.get('/metrics')).text).toContain('alert_threader_records_apart{reason="unmade"} 1');
    const { items } = (await service.get('/incidents?limit=200')).body as { items: object[] };
    expect(items).toHaveLength(22);
    expect(items.filter((item) => 'error' in item)).toMatchObject([{ thread_ts: expect.any(String) as string }]);
    const errors = service.log.filter(({ level }) => level >= 50).map(({ msg }) => msg);
    expect(new Set(errors)).toEqual(
      new Set([
        'thread store has lines that cannot be read: skipped',
        'message of a record could not be made: a plain one says so, and its card is tried again every 60 s',
        'incident can not be shown whole',
      ]),
    );

    // people can act on it, and the next alert mends it
    await plain.clicks(simulator.person('alice'), 'incident_ack');
    await plain.offers('incident_unack');
    await service.post('/alert', firing('NoLead', 'b'));
    await plain.expectRoot(/^🚨 Summary of NoLead/);
    await service.post('/alert', firing('NoTypes'));
    await channel.expectThread('🚨 Summary of NoTypes');
    await service.stop();
  });
});
