import { ALERTS, clientOf } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';
import { Faults } from '../faults/faults.js';
import { TriggerIds } from '../interactions/trigger-ids.js';
import { AppEvents } from '../people/app-events.js';
import { Sockets } from '../sockets/sockets.js';
import { DEFAULT_CHANNELS } from '../workspace/channel.js';
import { BOT } from '../workspace/user.js';
import { Workspace } from '../workspace/workspace.js';
import { COVERAGE, coverageOf, type MethodName } from './coverage.js';
import { MethodArguments } from './method-arguments.js';
import { ROUTES } from './routes.js';
import { parseView } from './view-content.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ pace: 'off' });
});
afterAll(() => simulator.close());

const METHODS = Object.keys(COVERAGE) as MethodName[];
/** Those that a client can call by name. */
const CALLABLE = METHODS.filter((method) => coverageOf(method).token !== 'none');
const tokenFor = (method: MethodName) => (coverageOf(method).token === 'app' ? simulator.appToken : simulator.botToken);
const modal = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] };

it('lists exactly the methods that have a route', () => {
  expect(Object.keys(ROUTES).sort()).toEqual([...METHODS].sort());
});

it.each(METHODS)('%s reads exactly the arguments that are listed as used', (method) => {
  const { used, accepted = [], required = [] } = coverageOf(method);
  expect([...used]).toEqual(expect.arrayContaining([...required]));
  expect(used.filter((name) => accepted.includes(name))).toEqual([]);

  const workspace = new Workspace(DEFAULT_CHANNELS, Date.now);
  workspace.join(workspace.channel(ALERTS));
  const own = { channel: ALERTS, user: BOT.user, bot_id: BOT.bot };
  const root = workspace.post({ ...own, text: 'root' });
  const reply = workspace.post({ ...own, text: 'reply', thread_ts: root.ts });
  workspace.react(root, 'eyes', BOT.user);
  const values: Record<string, unknown> = {
    channel: ALERTS,
    ts: method === 'chat.update' ? reply.ts : root.ts,
    message_ts: root.ts,
    timestamp: root.ts,
    thread_ts: root.ts,
    text: 'x',
    user: BOT.user,
    user_id: 'U0ALICE01',
    usergroup: 'S0ONCALL01',
    view: method === 'views.publish' ? { type: 'home', blocks: [] } : modal,
    name: method === 'reactions.add' ? 'tada' : 'eyes',
  };
  const faults = new Faults({ shut: () => undefined, open: () => Promise.resolve() });
  const sockets = new Sockets({ faults, now: Date.now, changed: () => undefined });
  const events = new AppEvents({ workspace, sockets, faults });
  const triggers = new TriggerIds(Date.now);
  const known = workspace.views.open('U0ALICE01', parseView(modal, 'modal', workspace.views));
  const args = new MethodArguments(method, {
    ...values,
    trigger_id: triggers.issue('U0ALICE01', true),
    view_id: known.id,
    hash: method === 'views.publish' ? undefined : known.hash,
  });
  const target = { user: 'U0ALICE01', channel: ALERTS, ts: root.ts, isEphemeral: false };
  ROUTES[method]({ args, workspace, faults, sockets, events, triggers, target, url: 'http://127.0.0.1/' });
  sockets.close();
  expect([...args.reads].sort()).toEqual([...used].sort());
});

it.each(CALLABLE)('%s knows all its arguments, and notes one that it does not know', async (method) => {
  const { used, accepted = [] } = coverageOf(method);
  const args = Object.fromEntries([...used, ...accepted].map((name) => [name, name === 'channel' ? ALERTS : '1']));
  await clientOf(simulator, { token: tokenFor(method) })
    .apiCall(method, { ...args, thread_timestamp: '1' })
    .catch(() => undefined);
  expect(simulator.calls.at(-1)).toMatchObject({ method, unknownArguments: ['thread_timestamp'] });
});

it.each(CALLABLE.filter((method) => (coverageOf(method).required ?? []).length > 0))(
  '%s names the required arguments that are missing',
  async (method) => {
    const answer = await fetch(`${simulator.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.botToken}` },
    });
    expect(await answer.json()).toMatchObject({
      ok: false,
      error: 'invalid_arguments',
      errors: coverageOf(method).required?.map((name) => `missing required field: ${name}`),
    });
  },
);
