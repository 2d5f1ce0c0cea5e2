import { HOSTILE } from '../support/hostile-texts.js';
import { databaseDown, PeopleWorld } from '../support/people-world.js';
import { Random } from '../support/random.js';

/** 10,000 by default. SEED=… has the envelopes of an earlier run again. */
const ENVELOPES = Number(process.env['ENVELOPES'] ?? 10_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const AT_ONCE = 64;

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const JUNK: readonly Json[] = [
  null,
  true,
  -1,
  1e308,
  '',
  [],
  {},
  [[]],
  [null],
  { id: null },
  { id: ['U0ALICE01'] },
  { __proto__: { id: 'U0ALICE01' }, constructor: 'x' },
  '{"incident_id":"INC-20200101000000-00000000","action":"ack"}',
  '{"incident_id":{},"action":"toString"}',
  'U0ALICE01',
  'C0PAYMENTS',
  '1700000000.000100',
  'incident_resolve',
  'reaction_removed',
  'x'.repeat(100_000),
];

/** Types that Slack has, may have, or never will; `close` and `ws_message` are events of the SDK's own. */
const TYPES = [
  'interactive',
  'events_api',
  'slash_commands',
  'close',
  'ws_message',
  'error',
  '',
  '__proto__',
  'hello2',
];

/** Every place in a value, as the path to it. */
const placesIn = (value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([name, one]) => placesIn(one, [...path, name]));
  return [path, ...inside];
};

/** One to three places of a real payload changed or gone. */
const mutated = (payload: Json, random: Random): Json => {
  const copy = { payload: structuredClone(payload) };
  for (let left = random.between(1, 3); left > 0; left--) {
    const [...path] = ['payload', ...random.pick(placesIn(copy.payload))];
    const name = path.pop() ?? '';
    let at: unknown = copy;
    for (const step of path) at = (at as Record<string, unknown> | undefined)?.[step];
    if (typeof at !== 'object' || at === null) continue;
    if (random.chance(0.3)) Reflect.deleteProperty(at, name);
    else Reflect.set(at, name, structuredClone(random.chance(0.5) ? random.pick(JUNK) : random.pick(HOSTILE)));
  }
  return copy.payload ?? null;
};

describe('whatever comes over the socket', () => {
  let world: PeopleWorld;
  afterEach(() => world.end());

  it(`is acknowledged, ${String(ENVELOPES)} times, and ends nothing`, async () => {
    world = await PeopleWorld.start({ ALERTMANAGER_URL: 'http://127.0.0.1:9/' });
    const { alice, bob, service, simulator } = world;
    const random = new Random(SEED);
    process.stdout.write(`envelope-fuzz.spec.ts: SEED=${String(SEED)}\n`);
    const thread = await world.fires();
    await thread.clicks(alice, 'incident_ack');
    await thread.reacts(bob, 'no_bell');
    await thread.unreacts(bob, 'no_bell');
    await thread.clicks(bob, 'incident_resolve');
    const form = await thread.expectForm(bob, 'Resolve incident');
    await thread.chooses(alice, 'incident_silence', 'Custom…');
    const silence = await thread.expectForm(alice, 'Silence alerts');
    await alice.clicks(silence, 'silence_count');
    await alice.submits(silence);
    await bob.opensHome();
    await bob.submits(form);
    const real = simulator.sockets.envelopes.map(({ type, payload }) => ({ type, payload: payload as Json }));
    expect(new Set(real.map(({ type }) => type))).toEqual(new Set(['interactive', 'events_api']));

    const lost: unknown[] = [];
    let left = ENVELOPES;
    const some = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const { type, payload } = random.pick(real);
        const kind = random.chance(0.9) ? type : random.pick(TYPES);
        const given = random.chance(0.05) ? random.pick(JUNK) : mutated(payload, random);
        const outcome = await simulator.sockets.send(kind, given).ended;
        if (!outcome.acknowledged) lost.push({ kind, given, reason: outcome.reason });
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
