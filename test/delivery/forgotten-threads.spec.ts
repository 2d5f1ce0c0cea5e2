import { severe } from '../../src/domain/domain.fixture.js';
import { CHANNEL, DeliveryHarness } from '../support/delivery-harness.js';

const disk = severe('f1', 'warning', { labels: { alertname: 'Disk', severity: 'warning' } });
const joins = severe('f2', 'warning', { labels: { alertname: 'Disk', severity: 'warning' } });
const later = severe('f3', 'warning', { labels: { alertname: 'Disk', severity: 'warning' } });
const KEY = 'Disk|warning|unknown|default|production';

describe('after DELETE /cache a thread whose first message could not be edited', () => {
  let slack: DeliveryHarness;

  beforeEach(async () => {
    slack = await DeliveryHarness.start();
  });
  afterEach(() => slack.close());

  /** Forgets the threads; the next alert starts a new one, whose first message says what is so from then on. */
  const startsAnew = async (before: number): Promise<void> => {
    await slack.process.store.clear();
    await slack.receive(later);
    await slack.pass(3_000);
    const root = slack.roots()[before];
    expect(slack.roots()).toHaveLength(before + 1);
    await slack.act('acknowledge', KEY);
    await slack.pass(3_000);
    expect(JSON.stringify(slack.roots()[before])).toContain('Acknowledged by');
    const { delivery } = await slack.thread(KEY);
    expect(delivery).toMatchObject({ rootTs: root?.ts, claim: null });
    expect(delivery.shownDigest).toMatch(/^acknowledged:/);
  };

  it('because the earlier version had posted it: the new one is edited', async () => {
    const { ts: adopt } = slack.simulator.workspace.post({
      channel: CHANNEL,
      user: 'U0OLD',
      text: 'written by the earlier version',
      blocks: [],
      attachments: [],
    });
    await slack.process.store.update(KEY, CHANNEL, (record) => ({ ...record, adopt }));
    await slack.receive(disk);
    await slack.pass(3_000);
    expect((await slack.thread(KEY)).delivery).toMatchObject({ rootTs: adopt, frozen: true });
    await startsAnew(1);
  });

  it('because its edit window was closed: the new one is edited', async () => {
    await slack.receive(disk);
    await slack.pass(3_000);
    slack.simulator.faults.add({ method: 'chat.update', kind: 'error', code: 'edit_window_closed', times: 1 });
    await slack.receive(joins);
    await slack.pass(3_000);
    expect((await slack.thread(KEY)).delivery.frozen).toBe(true);
    await startsAnew(1);
  });
});
