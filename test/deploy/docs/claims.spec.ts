import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { databaseDown, PeopleWorld, TITLE } from '../../support/people-world.js';

/** What docs/security.md says of the service as a whole, and no other test shows. */
describe('docs/security.md', () => {
  let world: PeopleWorld;
  let elsewhere: Server;
  let address: string;
  let called = 0;

  beforeEach(async () => {
    called = 0;
    elsewhere = createServer((_, response) => {
      called += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    address = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}`;
  });
  afterEach(async () => {
    await world.end();
    elsewhere.close();
  });

  it('no address of an alert is called, and Slack is told not to unfurl it', async () => {
    world = await PeopleWorld.start();
    const links = ['runbook_url', 'dashboard', 'description', 'summary', 'image'];
    const annotations = Object.fromEntries(links.map((name) => [name, `${address}/${name}`]));
    const urls = ['generatorURL', 'silenceURL', 'dashboardURL', 'panelURL', 'imageURL'];
    const change = { annotations, ...Object.fromEntries(urls.map((name) => [name, `${address}/${name}`])) };
    const { status } = await world.service.post('/alert', {
      status: 'firing',
      externalURL: `${address}/external`,
      alerts: [databaseDown('db01', change)],
    });
    expect(status).toBe(200);
    await world.channel.wait('its thread', () => world.channel.roots().length === 1);
    await world.service.idle();
    expect(called).toBe(0);
    const [post] = world.simulator.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(post?.args).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });
    await fetch(address); // it would have been seen
    expect(called).toBe(1);
  });

  it('what alerts and people say is in no log, at any level', async () => {
    world = await PeopleWorld.start({ LOG_LEVEL: 'trace' });
    const { alice, service } = world;
    const said = {
      summary: 'Database is down',
      description: 'said-by-the-alert',
      runbook_url: 'https://said-by.example',
    };
    const alert = databaseDown('db01', { annotations: said });
    await service.post('/alert', { status: 'firing', alerts: [alert] });
    const thread = await world.channel.expectThread(TITLE);
    await thread.clicks(alice, 'incident_ack');
    await thread.expectReply(/Acknowledged/);
    await thread.clicks(alice, 'incident_resolve');
    const form = await thread.expectForm(alice, 'Resolve incident');
    await alice.submits(form, {
      action_taken: { action_input: 'said-by-alice' },
      root_cause: { root_cause_input: 'why' },
    });
    await thread.expectReply(/said-by-alice/);
    await service.post('/alert', { alerts: [{ labels: 'said-by-a-bad-alert'.repeat(100) }] });
    await service.idle();

    const log = service.log.map((line) => JSON.stringify(line)).join('\n');
    expect(log).toContain('Slack call done'); // it is the level of everything
    expect(log).not.toMatch(/said-by-(the-alert|alice|\.example)|response_url|hooks\.slack|wss?:/);
    expect(Math.max(...service.log.map((line) => JSON.stringify(line).length))).toBeLessThan(1_000);
  });
});
