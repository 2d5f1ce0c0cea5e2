import { fill } from '../../simulator/people/submission.js';
import type { SilenceClient } from '../../src/silences/silence-client.js';
import { clientOf, is } from '../silences/clients.js';
import { Alertmanager, endAlertmanagers, type AlertmanagerPrograms } from '../support/alertmanager.js';
import { PeopleWorld } from '../support/people-world.js';

const HOUR = 3_600_000;
const LABELS = { alertname: 'DatabaseDown', severity: 'critical', service: 'db', instance: 'db01' };
const KEY_MATCHERS = [
  is('alertname', 'DatabaseDown'),
  is('severity', 'critical'),
  is('service', 'db'),
  is('cluster', ''), // missing: matched as empty, not as the key's `default`
];

/** What people and any version of Alertmanager do with silences; call it within `describe`. */
export const tellSilenceStory = (ensure: () => Promise<AlertmanagerPrograms>, ensureTimeoutMs: number): void => {
  let alertmanager: Alertmanager;
  let server: SilenceClient;
  let world: PeopleWorld;
  let programs: AlertmanagerPrograms;

  beforeAll(async () => {
    programs = await ensure();
  }, ensureTimeoutMs);
  afterEach(async () => {
    await endAlertmanagers();
    await world.end();
  });

  const start = async (): Promise<void> => {
    const settings = {
      url: 'http://127.0.0.1:9/alert',
      group_wait: '1h',
      group_interval: '1h',
      repeat_interval: '24h',
    };
    alertmanager = await Alertmanager.start(settings, { programs });
    server = clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url });
    world = await PeopleWorld.start({ ALERTMANAGER_URL: alertmanager.url });
    await alertmanager.post({ labels: LABELS }, { labels: { ...LABELS, instance: 'db02' } });
  };
  const fires = async () => {
    const listed = await server.alerts([]);
    return world.fires(
      ...listed.map(({ fingerprint, labels }) => ({
        status: 'firing',
        labels,
        fingerprint,
        annotations: { summary: 'Database is down' },
        startsAt: new Date().toISOString(),
      })),
    );
  };

  it('by the select: it is there with the right matchers, creator and comment, and ends by the select', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await fires();
    expect(thread.actions).toEqual(['incident_ack', 'incident_resolve', 'incident_silence']);
    await thread.chooses(alice, 'incident_silence', '2 hours');
    await thread.expectReply(new RegExp(`🔕 Silenced until .+ by <@${alice.id}>`));
    await thread.expectRoot('🚨 Database is down', { text: '🔕 Silenced until' });

    const [made, ...others] = await server.list();
    expect(others).toEqual([]);
    const incident = await world.incident();
    expect(made).toMatchObject({
      id: incident.silence.id,
      state: 'active',
      createdBy: `alice (Slack ${alice.id})`,
      comment: `Database is down (${incident.id as string})`,
    });
    expect(made?.matchers).toHaveLength(KEY_MATCHERS.length);
    expect(made?.matchers).toEqual(expect.arrayContaining(KEY_MATCHERS));
    expect((made?.endsAt ?? 0) - Date.now()).toBeGreaterThan(1.9 * HOUR);
    expect((await server.alerts([])).every(({ silencedBy }) => silencedBy.includes(made?.id ?? ''))).toBe(true);

    await thread.chooses(bob, 'incident_silence', 'End silence');
    await thread.expectReply(`Silence ended by <@${bob.id}>`);
    expect((await server.get(made?.id ?? ''))?.state).toBe('expired');
    await channel.expectNothingElse(service);
  });

  it('by the form: it counts what matches, says at the field what is wrong, and makes what was typed', async () => {
    await start();
    const { alice, channel, service, simulator } = world;
    const thread = await fires();
    await thread.chooses(alice, 'incident_silence', 'Custom…');
    const form = await thread.expectForm(alice, 'Silence alerts');
    const now = () => alice.views.at(-1) ?? form;
    const counted = (text: string) =>
      channel.wait(`the form to say ${text}`, () => JSON.stringify(now().blocks).includes(text));
    await counted('Matches 2 alerts that fire now');

    const typed = { matchers: { matchers_input: 'alertname="DatabaseDown"\ninstance="db02"' } };
    simulator.workspace.views.enter(now(), fill(now(), typed));
    await alice.clicks(now(), 'silence_count');
    await counted('Matches 1 alert that fires now');

    await alice.submits(now(), { duration: { duration_input: 'soon' }, matchers: { matchers_input: 'instance db02' } });
    expect(now().errors).toEqual({
      duration: expect.stringContaining('Expected a time such as 30m') as string,
      matchers: expect.stringContaining('expected name="value"') as string,
    });
    await alice.submits(now(), {
      duration: { duration_input: '90m' },
      matchers: { matchers_input: 'instance=~"db(02"' },
    });
    expect(now().errors['matchers']).toContain('missing closing )');

    await alice.submits(now(), { ...typed, comment: { comment_input: 'moving db02' } });
    expect(alice.views).toHaveLength(0);
    await thread.expectReply(/🔕 Silenced until [^]+moving db02/);
    const [made] = await server.list();
    expect(made).toMatchObject({ matchers: [is('alertname', 'DatabaseDown'), is('instance', 'db02')] });
    expect(made?.comment).toContain('moving db02');
    await channel.expectNothingElse(service);
  });

  it('resolved by somebody else meanwhile: the form and the card say that it goes on, and how to end it', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await fires();
    await thread.chooses(alice, 'incident_silence', '24 hours');
    await thread.expectReply(/🔕 Silenced until/);

    await thread.clicks(bob, 'incident_resolve');
    const form = await thread.expectForm(bob, 'Resolve incident');
    expect(JSON.stringify(form.blocks)).toContain('🔕 Resolving does not end the silence: it goes on until ');
    await bob.submits(form);
    await thread.expectReply(/✅ RESOLVED — Database is down[^]+🔕 Silenced until/);
    await thread.expectRoot('✅ Database is down', { text: /🔔 End silence[^]+🔕 Silenced until .+ by / });
    expect(thread.actions).toEqual(['incident_reopen', 'incident_silence']);
    const { id, silence } = await world.incident();
    expect((await server.get(silence.id as string))?.state).toBe('active');

    await thread.clicks(bob, 'incident_silence');
    await thread.expectReply(`Silence ended by <@${bob.id}>`);
    await thread.expectRoot('✅ Database is down', { text: /^(?![^]*🔕)/ });
    expect((await server.get(silence.id as string))?.state).toBe('expired');
    expect(thread.actions).toEqual(['incident_reopen']);

    const byRest = await service.post(`/incidents/${id as string}/unsilence`, { by: 'dana' });
    expect(byRest).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('it is not silenced') as string },
    });
    await channel.expectNothingElse(service);
  });

  it('resolved meanwhile, it is ended by REST', async () => {
    await start();
    const { alice, channel, service } = world;
    const thread = await fires();
    await thread.chooses(alice, 'incident_silence', '24 hours');
    await thread.expectReply(/🔕 Silenced until/);
    const { id, silence } = await world.incident();
    const by = (command: string) => service.post(`/incidents/${id as string}/${command}`, { by: 'dana' });
    expect((await by('resolve')).body.incident.silence).toEqual(silence);
    await thread.expectReply(/✅ RESOLVED[^]+🔕 Silenced until/);
    expect((await by('unsilence')).body).toMatchObject({ result: 'silence-ended', incident: { silence: null } });
    await thread.expectReply('Silence ended by dana');
    expect((await server.get(silence.id as string))?.state).toBe('expired');
    await channel.expectNothingElse(service);
  });

  it('by 🔕 for 30 minutes; when Alertmanager is away the person reads why, and nothing claims to be silenced', async () => {
    await start();
    const { alice, bob, channel, service } = world;
    const thread = await fires();
    await thread.reacts(alice, 'no_bell');
    await thread.expectReply(new RegExp(`🔕 Silenced until .+ by <@${alice.id}>`));
    await thread.chooses(alice, 'incident_silence', 'End silence');
    await thread.expectReply(/Silence ended/);

    await alertmanager.stop();
    await thread.chooses(bob, 'incident_silence', '30 minutes');
    await thread.expectWhisper(bob, /Nothing is silenced[^]+Alertmanager[^]+ECONNREFUSED/);
    expect((await world.incident()).silence).toBeNull();
    await channel.expectNothingElse(service);
  });
};
