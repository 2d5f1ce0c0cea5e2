import { anyEnvelope, realEnvelopes } from '../support/fuzz-envelopes.js';
import { databaseDown, PeopleWorld } from '../support/people-world.js';
import { Random } from '../support/random.js';

/** 10,000 by default. SEED=… has the envelopes of an earlier run again. */
const ENVELOPES = Number(process.env['ENVELOPES'] ?? 10_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 64;

describe('whatever comes over the socket', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());

  it(`is acknowledged, ${String(ENVELOPES)} times, and ends nothing`, async () => {
    world = await PeopleWorld.start({ ALERTMANAGER_URL: 'http://127.0.0.1:9/' });
    const { service, simulator } = world;
    const random = new Random(SEED);
    process.stdout.write(`envelope-fuzz.spec.ts: SEED=${String(SEED)}\n`);
    const real = await realEnvelopes(world);
    expect(new Set(real.map(({ type }) => type))).toEqual(new Set(['interactive', 'events_api']));

    const lost: unknown[] = [];
    let left = ENVELOPES;
    const some = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const { type, payload } = anyEnvelope(real, random);
        const outcome = await simulator.sockets.send(type, payload).ended;
        if (!outcome.acknowledged) lost.push({ type, payload, reason: outcome.reason });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, some));
    expect(lost.slice(0, 3)).toEqual([]);
    for (const text of ['', '{', 'null', '[]', '"x"', '{"type":"hello"}', '{"envelope_id":7}', '\u0000']) {
      simulator.sockets.sendRaw(text);
    }

    // It is the same process, and goes on as before.
    await world.connected();
    expect(simulator.sockets.opened).toBe(1);
    expect((await world.post(databaseDown('db09'))).status).toBe(200);
    const { id } = await world.incident();
    expect(id).toMatch(/^INC-/);
    const failures = service.log.filter(({ level }) => level >= 50);
    expect(failures).toEqual([]);
    await service.stop();
  });
});
