import { ensureAlertmanager, Alertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { PeopleWorld } from '../support/people-world.js';
import { clientOf } from '../silences/clients.js';

const NOBODY = 'INC-20200101000000-00000000';

describe('the same commands by REST', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());

  const ask = async (command: string, body: unknown, headers: Record<string, string> = {}) => {
    const { id } = await world.incident();
    return world.service.post(`/incidents/${String(id)}/${command}`, body, headers);
  };

  it('ack, unack, resolve, reopen: the thread says who, as for a click', async () => {
    world = await PeopleWorld.start();
    const { channel, service } = world;
    const thread = await world.fires();
    const acked = await ask('ack', { by: 'dana' });
    expect(acked.status).toBe(200);
    expect(acked.body).toMatchObject({
      ok: true,
      result: 'acknowledged',
      incident: { status: 'acknowledged', acknowledged: { by: { kind: 'rest', id: 'dana' } } },
    });
    await thread.expectReply('👀 Acknowledged by dana');
    expect((await ask('ack', { by: 'dana' })).body).toMatchObject({ ok: true, result: 'already-acknowledged' });
    const taken = await ask('ack', { by: 'erik' });
    expect(taken.status).toBe(409);
    expect(taken.body.error).toMatch(/^incident INC-\S+: dana has acknowledged it already$/);

    expect((await ask('unack', { by: 'erik' })).status).toBe(200);
    await thread.expectReply('Unacknowledged by erik');
    const resolved = await ask('resolve', { by: 'dana', action_taken: 'Failed over', root_cause: 'Disk full' });
    expect(resolved.body).toMatchObject({
      result: 'resolved-by-person',
      incident: { resolved: { action_taken: 'Failed over', root_cause: 'Disk full' } },
    });
    await thread.expectReply(/✅ Resolved by dana[^]+Failed over[^]+Disk full/);
    expect((await ask('ack', { by: 'erik' })).status).toBe(409);
    expect((await ask('reopen', { by: 'erik' })).body.result).toBe('reopened-by-person');
    await thread.expectReply(/Reopened\*? by erik/);
    await channel.expectNothingElse(service);
  });

  it('says what is wrong with a request, and wants ADMIN_TOKEN', async () => {
    world = await PeopleWorld.start({ ADMIN_TOKEN: 'let-me-in' });
    const { service } = world;
    const headers = { authorization: 'Bearer let-me-in' };
    await world.fires();
    const { body } = await service.get('/incidents', headers);
    const id = body.items[0].id as string;
    const post = (path: string, given: unknown, more = headers) => service.post(`/incidents/${path}`, given, more);
    expect((await post(`${id}/ack`, { by: 'dana' }, {} as typeof headers)).status).toBe(401);
    for (const [path, given, code, error] of [
      [`${id}/ack`, {}, 400, 'by: expected who does it, 1 to 80 characters'],
      [`${id}/ack`, { by: '  ' }, 400, 'by: expected who does it, 1 to 80 characters'],
      [`${id}/ack`, { by: { x: 1 } }, 400, 'by: expected who does it, 1 to 80 characters'],
      [`${id}/ack`, { by: 'dana', force: true }, 400, 'property force should not exist'],
      [`${id}/ack`, '[]', 400, 'by: expected who does it'],
      [`${id}/ack`, '{', 400, 'the body is no JSON'],
      [
        `${id}/resolve`,
        { by: 'dana', action_taken: 'x'.repeat(1_001) },
        400,
        'action_taken: expected a text of at most',
      ],
      [`${id}/silence`, { by: 'dana' }, 400, 'duration: expected a duration such as 30m'],
      [`${id}/silence`, { by: 'dana', duration: '1s' }, 400, 'duration: expected a duration such as 30m'],
      [`${id}/silence`, { by: 'dana', duration: '2h', matchers: ['db'] }, 400, 'matchers: '],
      [
        `${id}/silence`,
        { by: 'dana', duration: '2h', matchers: Array.from({ length: 51 }, (_, n) => `l${n}="v"`) },
        400,
        'matchers: expected at most 50 matchers, got 51',
      ],
      [
        `${id}/silence`,
        { by: 'dana', duration: '2h', matchers: [`a="${'x'.repeat(4_000)}"`] },
        400,
        'matchers: expected at most 3000 characters in all',
      ],
      [`${id}/silence`, { by: 'dana', duration: '2h' }, 409, 'set ALERTMANAGER_URL'],
      [`${id}/unsilence`, { by: 'dana' }, 409, 'it is not silenced'],
      [`${id}/unack`, { by: 'dana' }, 409, 'nobody has acknowledged it'],
      [`${id}/reopen`, { by: 'dana' }, 409, 'it is not resolved'],
      [`${NOBODY}/ack`, { by: 'dana' }, 404, `there is no incident ${NOBODY}`],
      ['__proto__/ack', { by: 'dana' }, 404, 'there is no incident "__proto__"'],
    ] as const) {
      const answer = await post(path, given);
      expect(answer.body).toMatchObject({ ok: false, statusCode: code });
      expect(answer.body.error).toContain(error);
      expect(answer.status).toBe(code);
    }
    const twice = await post(`${id}/silence`, { duration: 'x' });
    expect((twice.body.error as string).split('; ').sort()).toEqual([
      'by: expected who does it, 1 to 80 characters',
      'duration: expected a duration such as 30m, 2h or 1d, from 1m to 365d',
    ]);
    const text = await service.post(`/incidents/${id}/ack`, 'by=dana', { ...headers, 'content-type': 'text/plain' });
    expect(text.status).toBe(400);
  });

  it(
    'silence and unsilence, in a real Alertmanager; 502 with the reason when it is away',
    async () => {
      await ensureAlertmanager();
      const alertmanager = await Alertmanager.start({
        url: 'http://127.0.0.1:9/alert',
        group_wait: '1h',
        group_interval: '1h',
        repeat_interval: '24h',
      });
      try {
        world = await PeopleWorld.start({ ALERTMANAGER_URL: alertmanager.url });
        const server = clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url });
        const thread = await world.fires();
        const made = await ask('silence', {
          by: 'dana',
          duration: '2h',
          matchers: ['instance="db01"'],
          comment: 'new disk',
        });
        expect(made.body).toMatchObject({ ok: true, result: 'silenced' });
        const { id } = made.body.incident.silence;
        expect(await server.get(id as string)).toMatchObject({ state: 'active', createdBy: 'dana' });
        await thread.expectReply(/🔕 Silenced until .+ by dana[^]+new disk/);
        expect((await ask('unsilence', { by: 'dana' })).body.result).toBe('silence-ended');
        await thread.expectReply(/Silence ended by dana/);
      } finally {
        await alertmanager.stop();
      }
      const failed = await ask('silence', { by: 'dana', duration: '2h' });
      expect(failed.status).toBe(502);
      expect(failed.body.error).toMatch(/is not silenced: Alertmanager .*ECONNREFUSED/);
      await world.channel.expectNothingElse(world.service);
    },
    INSTALL_TIMEOUT_MS,
  );
});
