import { HOSTILE } from './hostile-texts.js';
import type { PeopleWorld } from './people-world.js';
import type { Random } from './random.js';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

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

export interface FuzzEnvelope {
  readonly type: string;
  readonly payload: Json;
}

/** Every kind of envelope once, as people's clicks, forms and emoji bring them. Needs a server for silences. */
export const realEnvelopes = async (world: PeopleWorld): Promise<readonly FuzzEnvelope[]> => {
  const { alice, bob, simulator } = world;
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
  return simulator.sockets.envelopes.map(({ type, payload }) => ({ type, payload: payload as Json }));
};

/** A real one with changed places or of another type, or anything. */
export const anyEnvelope = (real: readonly FuzzEnvelope[], random: Random): FuzzEnvelope => {
  const { type, payload } = random.pick(real);
  return {
    type: random.chance(0.9) ? type : random.pick(TYPES),
    payload: random.chance(0.05) ? random.pick(JUNK) : mutated(payload, random),
  };
};
