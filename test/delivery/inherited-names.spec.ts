import { messageText } from '../../simulator/workspace/as-text.js';
import type { Alert } from '../../src/domain/alert.js';
import { alertOf } from '../../src/domain/domain.fixture.js';
import { keptLabels } from '../../src/alerts/fit-texts.js';
import { parseAlert } from '../../src/alerts/parse-alert.js';
import { DeliveryHarness } from '../support/delivery-harness.js';
import { INHERITED_NAMES } from '../support/inherited-names.js';

/** As Alertmanager writes it: read from JSON, where `__proto__` is a name like any other. */
const read = (name: string, json: string): Alert =>
  parseAlert(JSON.parse(`{"fingerprint":"${name}","startsAt":"2024-01-15T14:30:25Z",${json}}`), 'firing', {
    now: 0,
    kept: keptLabels(['alertname', 'severity', 'service', 'cluster']),
  });

const FIRST = '0000000000000001';
const SECOND = '0000000000000002';
const LABELS = '"alertname":"DiskFull","severity":"critical"';

describe('a name that every object has', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  const errors = (): string[] =>
    slack.logger.lines.filter(({ level }) => level === 'error').map(({ message }) => message);

  it.each(INHERITED_NAMES)('as a label of one of two alerts: %s', async (name) => {
    await slack.receive(
      read(FIRST, `"labels":{${LABELS},"${name}":"x"}`),
      read(SECOND, `"labels":{${LABELS},"prometheus":"b"}`),
    );
    await slack.pass(1_000);
    expect(slack.roots().map(({ text }) => text)).toEqual([expect.stringMatching(/^🚨 DiskFull .*\(critical, /)]);
    expect(errors()).toEqual([]);
  });

  it.each(INHERITED_NAMES)('as a value of a label and of an annotation: %s', async (name) => {
    const labels = `"alertname":"${name}","severity":"${name}","service":"${name}","cluster":"${name}","pod":"${name}"`;
    const annotations = `"summary":"${name}","description":"${name}","runbook_url":"${name}"`;
    await slack.receive(
      read(FIRST, `"labels":{${labels}},"annotations":{${annotations}}`),
      read(SECOND, `"labels":{${labels},"zone":"${name}"}`),
    );
    await slack.pass(1_000);
    const root = slack.roots()[0];
    expect(slack.roots()).toHaveLength(1);
    expect(root && messageText(root)).toContain(name);
    expect(errors()).toEqual([]);
  });

  it.each(INHERITED_NAMES)('as an annotation: %s', async (name) => {
    await slack.receive(
      read(FIRST, `"labels":{${LABELS},"instance":"a"},"annotations":{"${name}":"x","summary":"Disk is full"}`),
      read(SECOND, `"labels":{${LABELS},"instance":"b"},"annotations":{"${name}":"x"}`),
    );
    await slack.pass(1_000);
    expect(slack.roots().map(({ text }) => text)).toEqual([expect.stringMatching(/^🚨 Disk is full/)]);
    expect(errors()).toEqual([]);
  });

  it.each(['toString', '__proto__'])(
    'holds up no other thread after a restart while Slack is away: %s',
    async (name) => {
      const fault = slack.simulator.faults.add({
        method: 'chat.postMessage',
        kind: 'http',
        status: 503,
        times: Infinity,
      });
      await slack.receive(
        read(FIRST, `"labels":{${LABELS},"${name}":"x"}`),
        read(SECOND, `"labels":{${LABELS},"prometheus":"b"}`),
      );
      for (let n = 0; n < 20; n++) {
        const labels = { alertname: `Other${String(n)}`, severity: 'critical' };
        await slack.receive(alertOf(`aa${String(n)}`, { labels, annotations: {} }));
      }
      await slack.crash();
      await fault.remove();
      await slack.pass(120_000);
      const shown = slack.roots().map(({ text }) => text);
      expect(shown).toHaveLength(21);
      for (let n = 0; n < 20; n++) expect(shown.some((text) => text.startsWith(`🚨 Other${String(n)} `))).toBe(true);
      expect(shown.some((text) => text.startsWith('🚨 DiskFull '))).toBe(true);
    },
  );
});
