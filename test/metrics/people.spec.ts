import { databaseDown, isOver, PeopleWorld, TITLE } from '../support/people-world.js';
import { MetricsPage } from './metrics-page.js';

describe('GET /metrics tells what people do', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());
  const page = (): Promise<MetricsPage> => MetricsPage.of(world.service);

  it('an alert fires, is acknowledged and resolved, by its source and by a person', async () => {
    world = await PeopleWorld.start();
    const { alice, bob, channel, service } = world;
    const thread = await world.fires();
    await world.post(databaseDown('db02'));
    await thread.expectReply(/db02 joined/);
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(`👀 Acknowledged by <@${alice.id}>`);
    await service.idle();
    let now = await page();
    expect(now.by('status', 'incidents', { severity: 'critical' })).toEqual({ acknowledged: 1 });
    expect(now.by('severity', 'acknowledge_seconds_count')).toEqual({ critical: 1 });
    const waited = now.find('acknowledge_seconds_sum', { severity: 'critical' }) ?? NaN;
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThan(30); // and not the months since the alert's own start
    expect(now.find('acknowledge_seconds_bucket', { severity: 'critical', le: '30' })).toBe(1);
    expect(now.by('outcome', 'commands_total', { command: 'ack' })).toEqual({ done: 1 });
    expect(now.by('type', 'socket_envelopes_total')).toEqual({ interactive: 1 });

    // Bob is late; dana takes a wrong command back.
    const { id } = await world.incident();
    const rest = (command: string, by: string) => service.post(`/incidents/${String(id)}/${command}`, { by });
    expect((await rest('ack', 'bob')).status).toBe(409);
    expect((await rest('reopen', 'bob')).status).toBe(409);
    expect((await rest('silence', 'bob')).status).toBe(400); // not even a command: no duration
    await world.post(databaseDown('db01', isOver), databaseDown('db02', isOver));
    await thread.expectRoot(/✅/);
    await service.idle();
    now = await page();
    expect(now.by('outcome', 'commands_total', { command: 'ack' })).toEqual({ done: 1, refused: 1 });
    expect(now.by('outcome', 'commands_total', { command: 'reopen' })).toEqual({ refused: 1 });
    expect(now.by('outcome', 'commands_total', { command: 'silence' })).toEqual({});
    expect(now.by('by', 'resolve_seconds_count', { severity: 'critical' })).toEqual({ source: 1 });
    expect(now.by('status', 'incidents', { severity: 'critical' })).toEqual({ resolved: 1 });

    const warning = { labels: { alertname: 'DiskFull', severity: 'Warning' }, annotations: { summary: 'Disk full' } };
    await world.post(databaseDown('db03', warning));
    const disk = await channel.expectThread(/Disk full/);
    await disk.reacts(bob, 'white_check_mark');
    await disk.expectReply(`✅ Resolved by <@${bob.id}>`);
    await service.idle();
    now = await page();
    expect(now.by('by', 'resolve_seconds_count', { severity: 'warning' })).toEqual({ person: 1 });
    expect(now.by('severity', 'acknowledge_seconds_count')).toEqual({ critical: 1 });
    expect(now.by('outcome', 'commands_total', { command: 'resolve' })).toEqual({ done: 1 });
    expect(now.by('status', 'incidents', { severity: 'warning' })).toEqual({ resolved: 1 });
    expect(now.by('type', 'socket_envelopes_total')).toEqual({ interactive: 1, events_api: 1 });
    expect(now.by('outcome', 'alerts_total')).toEqual({ opened: 2, joined: 1, resolved: 2 });
    expect(now.by('outcome', 'webhooks_total')).toEqual({ accepted: 4 });
    // opened, joined, acknowledged, one of two resolved, resolved; opened, resolved by Bob
    await service.until('all to be shown', async () => (await page()).find('shown_seconds_count') === 7);
    await service.until('cards', async () => Object.keys((await page()).by('channel', 'pending_threads')).length === 0);
  });

  it('the socket drops, comes back, and what was opened again is measured anew', async () => {
    world = await PeopleWorld.start();
    const { alice, service, simulator } = world;
    expect((await page()).find('socket_connected')).toBe(1);
    expect((await page()).find('socket_reconnects_total')).toBe(0);
    const failing = simulator.faults.add({
      kind: 'http',
      status: 500,
      method: 'apps.connections.open',
      times: Infinity,
    });
    simulator.sockets.drop();
    await service.until('the loss to show', async () => (await page()).find('socket_connected') === 0);
    await failing.remove();
    await service.until('the socket', async () => (await page()).find('socket_connected') === 1);
    expect((await page()).find('socket_reconnects_total')).toBe(1);

    const thread = await world.fires();
    await thread.clicks(alice, 'incident_ack');
    await world.post(databaseDown('db01', isOver));
    await thread.expectRoot(/✅/);
    await thread.clicks(alice, 'incident_reopen');
    await thread.expectRoot(TITLE);
    await thread.clicks(alice, 'incident_ack');
    await thread.expectRoot(TITLE, { text: 'Acknowledged' });
    const now = await page();
    expect(now.by('severity', 'acknowledge_seconds_count')).toEqual({ critical: 2 });
    expect(now.by('outcome', 'commands_total', { command: 'ack' })).toEqual({ done: 2 });
    expect(now.by('outcome', 'commands_total', { command: 'reopen' })).toEqual({ done: 1 });
  });
});
