import { messageText } from '../../simulator/workspace/as-text.js';
import type { Alert } from '../../src/domain/alert.js';
import type { IncidentThread } from '../../src/domain/record.js';
import type { Command, CommandResult } from '../../src/incidents/incident-commands.js';
import { SilenceError, type SilenceClient } from '../../src/silences/silence-client.js';
import { Alertmanager, ensureAlertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { CHANNEL } from '../support/delivery-harness.js';
import { clientOf, is } from './clients.js';
import { SilenceHarness } from './silence-harness.js';

const MINUTE = 60_000;
const NO_WEBHOOKS = {
  url: 'http://127.0.0.1:9/alert',
  group_wait: '1h',
  group_interval: '1h',
  repeat_interval: '24h',
};
const ALICE = { actor: { kind: 'slack', id: 'U0ALICE01' }, name: 'Alice' } as const;

describe('an incident that is silenced, with a real Alertmanager', () => {
  let alertmanager: Alertmanager;
  let server: SilenceClient;
  let world: SilenceHarness;
  let names = 0;
  let labels: Record<string, string>;
  let key: string;

  beforeAll(async () => {
    await ensureAlertmanager();
    alertmanager = await Alertmanager.start(NO_WEBHOOKS);
    server = clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url });
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => alertmanager.stop());

  beforeEach(async () => {
    world = await SilenceHarness.start(alertmanager.url);
    const alertname = `DiskFull${String(++names)}`;
    labels = { alertname, severity: 'warning', instance: 'db01' };
    key = `${alertname}|warning|unknown|default|production`;
  });
  afterEach(() => world.close());

  /** Alertmanager has the alert, and has told of it. */
  const fires = async (): Promise<void> => {
    await alertmanager.post({ labels });
    const [listed] = await server.alerts([is('alertname', labels['alertname'] ?? '')]);
    const alert: Alert = {
      fingerprint: listed?.fingerprint ?? '',
      status: 'firing',
      labels,
      annotations: { summary: 'Disk is full' },
      startsAt: Date.now(),
      endsAt: null,
    };
    await world.slack.receive(alert);
  };
  const thread = (): Promise<IncidentThread> => world.slack.thread(key);
  const does = async (command: Command): Promise<CommandResult> => {
    const { id } = (await thread()).incident;
    const result = await world.commands.run({ incidentId: id, command, by: ALICE });
    await world.slack.pass(3_000);
    return result;
  };
  const silenceFor = (durationMs: number, comment?: string): Promise<CommandResult> =>
    does({ type: 'silence', durationMs, ...(comment === undefined ? {} : { comment }) });
  const shown = async (): Promise<string> => {
    const { rootTs } = (await thread()).delivery;
    const { workspace } = world.slack.simulator;
    const root = workspace.message(CHANNEL, rootTs ?? '');
    return [...(root ? [root] : []), ...workspace.replies(CHANNEL, rootTs ?? '')].map(messageText).join('\n---\n');
  };
  /** The first message of the only thread, also when its incident is in the history. */
  const card = (): string => world.slack.roots().map(messageText).join('\n---\n');
  const replies = (): string[] => world.slack.replies(world.slack.roots()[0]).map(messageText);
  const silenceId = async (): Promise<string> => (await thread()).incident.silence?.id ?? '';
  const ours = async () =>
    (await server.list()).filter(({ matchers }) => JSON.stringify(matchers).includes(`"${labels['alertname'] ?? ''}"`));

  /** kill -9 while a silence is asked for. @param made whether Alertmanager has it all the same */
  const diesWhileItAsks = async (made: boolean): Promise<void> => {
    const reached = new Promise<void>((resolve) => {
      world.silences.hook = async (put) => {
        if (made) await put();
        resolve();
        return new Promise(() => undefined); // the process dies here
      };
    });
    const { id } = (await thread()).incident;
    void world.commands.run({ incidentId: id, command: { type: 'silence', durationMs: 30 * MINUTE }, by: ALICE });
    await reached;
    await world.crash();
  };

  it('is silenced there: matchers, creator and comment; a label that is missing is matched as empty', async () => {
    await fires();
    const now = world.slack.clock.now();
    expect((await silenceFor(30 * MINUTE, 'new disk is ordered')).reason).toBe('silenced');
    const incident = (await thread()).incident;
    expect(await server.get(await silenceId())).toMatchObject({
      state: 'active',
      matchers: expect.arrayContaining([
        is('alertname', labels['alertname'] ?? ''),
        is('severity', 'warning'),
        is('service', ''),
        is('cluster', ''),
      ]),
      createdBy: 'Alice (Slack U0ALICE01)',
      comment: `new disk is ordered (${incident.id})`,
      endsAt: now + 30 * MINUTE,
    });
    expect((await server.alerts([is('alertname', labels['alertname'] ?? '')]))[0]?.silencedBy).toEqual([
      await silenceId(),
    ]);
    expect(await shown()).toMatch(/🔕 Silenced until [^]+ by <@U0ALICE01>[^]+new disk is ordered/);
  });

  it('a longer time moves the end of the same silence', async () => {
    await fires();
    await silenceFor(30 * MINUTE);
    const id = await silenceId();
    await silenceFor(120 * MINUTE);
    expect(await silenceId()).toBe(id);
    expect(await ours()).toHaveLength(1);
    expect((await server.get(id))?.endsAt).toBe((await thread()).incident.silence?.until);
  });

  it('a person ends it', async () => {
    await fires();
    await silenceFor(30 * MINUTE);
    const id = await silenceId();
    expect((await does({ type: 'unsilence' })).reason).toBe('silence-ended');
    expect((await server.get(id))?.state).toBe('expired');
    expect(await shown()).toMatch(/Silence ended by <@U0ALICE01>/);
  });

  it('its end is told in the thread', async () => {
    await fires();
    await silenceFor(2 * MINUTE);
    await world.slack.pass(MINUTE);
    expect(await shown()).not.toContain('Silence ended');
    await world.slack.pass(MINUTE + 10_000);
    expect(await shown()).toContain('Silence ended');
    expect((await thread()).incident.status).toBe('firing');
  });

  it('somebody moves it, then ends it, in Alertmanager: the thread follows', async () => {
    await fires();
    await silenceFor(60 * MINUTE);
    const made = await server.get(await silenceId());
    if (made === undefined) throw new Error('no silence');
    await server.put({ ...made, endsAt: made.endsAt + 60 * MINUTE });
    await world.slack.pass(35_000);
    expect((await thread()).incident.silence?.until).toBe(made.endsAt + 60 * MINUTE);
    await server.expire(made.id);
    await world.slack.pass(35_000);
    expect((await thread()).incident.silence).toBeNull();
    expect(await shown()).toContain('Silence ended');
  });

  it('an alert that resolves while silenced, of which Alertmanager says nothing, ends in the thread', async () => {
    await fires();
    await silenceFor(50 * MINUTE);
    await world.slack.pass(16 * MINUTE); // Alertmanager has been up for long enough to be believed
    expect((await thread()).incident.status).toBe('firing');
    await alertmanager.post({ labels, endsAt: new Date(Date.now() - 1_000).toISOString() });
    await world.slack.pass(9 * MINUTE);
    expect((await thread()).incident.status).toBe('firing');
    await world.slack.pass(2 * MINUTE);
    expect((await thread()).incident).toMatchObject({ status: 'resolved', resolved: { by: null } });
    expect(await shown()).toContain('✅ RESOLVED — Disk is full');
  });

  describe('and resolved by a person meanwhile', () => {
    let incidentId: string;
    let id: string;

    beforeEach(async () => {
      await fires();
      await silenceFor(120 * MINUTE);
      id = await silenceId();
      expect((await does({ type: 'resolve' })).reason).toBe('resolved-by-person');
      incidentId = (await thread()).incident.id;
      expect(card()).toMatch(/^✅ Disk is full[^]+🔕 Silenced until [^]+ by <@U0ALICE01>/);
      expect(replies().at(-1)).toMatch(/✅ RESOLVED — Disk is full[^]+🔕 Silenced until/);
      await world.slack.pass(32 * MINUTE); // longer than REOPEN_WINDOW
      expect((await server.get(id))?.state).toBe('active');
    });

    /** The silence is over, and nothing is left of the incident but its history. */
    const isOver = async (): Promise<void> => {
      expect(card()).toMatch(/^✅ Disk is full/);
      expect(card()).not.toContain('ilence');
      expect((await world.slack.record(key))?.current).toBeNull();
      expect((await world.commands.find(incidentId))?.incident).toMatchObject({ status: 'resolved', silence: null });
      const late = await world.commands.run({ incidentId, command: { type: 'reopen' }, by: ALICE });
      expect(late).toMatchObject({ reason: 'not-current', thread: { incident: { id: incidentId } } });
      expect(late.newer).toBeUndefined();
    };

    it('a person ends it all the same', async () => {
      expect((await does({ type: 'unsilence' })).reason).toBe('silence-ended');
      expect((await server.get(id))?.state).toBe('expired');
      expect(replies().at(-1)).toMatch(/Silence ended by <@U0ALICE01>/);
      await isOver();
    });

    it('it is ended in Alertmanager: the first message follows, without a word', async () => {
      const before = replies();
      await server.expire(id);
      await world.slack.pass(35_000);
      expect(replies()).toEqual(before);
      await isOver();
    });

    it('it runs out, whoever looks after it then: the first message follows', async () => {
      await world.crash();
      await world.slack.pass(87 * MINUTE);
      expect(card()).toContain('🔕 Silenced until');
      await world.slack.pass(MINUTE + 10_000);
      await isOver();
    });

    it('the problem comes back past it, as a new incident: the silence is shown and ended there', async () => {
      const startsAt = world.slack.clock.now();
      const { fingerprint } = (await thread()).incident.alerts[0] ?? {};
      await world.slack.receive({
        ...{ fingerprint: fingerprint ?? '', status: 'firing', labels, annotations: { summary: 'Disk is full' } },
        ...{ startsAt, endsAt: null },
      });
      await world.slack.pass(5_000);
      const [before, now, ...more] = world.slack.roots().map(messageText);
      expect(more).toEqual([]);
      expect(before).toMatch(/^✅ Disk is full/);
      expect(before).not.toContain('ilence');
      expect(now).toMatch(/^⚠️ Disk is full[^]+🔕 Silenced until [^]+ by <@U0ALICE01>/);
      expect((await does({ type: 'unsilence' })).reason).toBe('silence-ended');
      expect((await server.get(id))?.state).toBe('expired');
    });
  });

  it('an answer that comes when its incident has made room for a new one leaves no silence behind', async () => {
    await fires();
    let answer: () => void = () => undefined;
    world.silences.hook = async (put) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return put();
    };
    const { id: incidentId, alerts } = (await thread()).incident;
    const silencing = world.commands.run({
      ...{ incidentId, by: ALICE },
      command: { type: 'silence', durationMs: 24 * 60 * MINUTE },
    });
    await world.slack.settle();
    await does({ type: 'resolve' });
    await world.slack.pass(31 * MINUTE);
    for (const alert of alerts) await world.slack.receive({ ...alert, startsAt: world.slack.clock.now() });
    answer();
    expect((await silencing).reason).toBe('not-current');
    expect((await ours()).map(({ state }) => state)).toEqual(['expired']);
  });

  it('nothing claims to be silenced when Alertmanager is away, or refuses', async () => {
    await fires();
    const before = await shown();
    world.silences.hook = () => Promise.reject(new SilenceError('unavailable', 'ECONNREFUSED', "can't be reached"));
    expect(await silenceFor(30 * MINUTE)).toMatchObject({ reason: 'silence-failed', failure: "can't be reached" });
    expect((await thread()).incident).toMatchObject({ silence: null });
    expect((await thread()).incident.silencing).toBeUndefined();
    expect(await shown()).toBe(before);

    world.silences.hook = (put) => put();
    const matchers = [{ ...is('alertname', 'a(b'), isRegex: true }];
    const result = await does({ type: 'silence', durationMs: MINUTE, matchers });
    expect(result).toMatchObject({ reason: 'silence-failed', refused: true });
    expect(result.failure).toMatch(/missing closing \)/);
    expect(await shown()).toBe(before);
  });

  it('an answer that is lost makes no second silence', async () => {
    await fires();
    world.silences.hook = async (put) => {
      await put();
      throw new SilenceError('ambiguous', 'time_out', 'did not answer');
    };
    expect((await silenceFor(30 * MINUTE)).reason).toBe('silenced');
    expect(await ours()).toHaveLength(1);
    expect((await ours())[0]?.id).toBe(await silenceId());
  });

  it.each([
    ['before Alertmanager heard of it', false],
    ['after Alertmanager made it', true],
  ])('kill -9 %s: it is made once', async (_when, made) => {
    await fires();
    await diesWhileItAsks(made);
    expect((await thread()).incident.silencing).toBeDefined();
    await world.slack.pass(40_000);
    expect(await ours()).toHaveLength(1);
    expect(await silenceId()).toBe((await ours())[0]?.id);
    expect(await shown()).toContain('🔕 Silenced until');
  });

  it('two replicas take up at once what a third one left: one silence stays, the one that the thread tells of', async () => {
    await fires();
    await diesWhileItAsks(false);
    world.addReplica();
    let asking = 0;
    let bothAsk: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (bothAsk = resolve));
    world.silences.hook = async (put) => {
      if (++asking === 2) bothAsk();
      await both;
      return put();
    };
    await world.slack.pass(40_000);
    expect(asking).toBe(2);
    const active = (await ours()).filter(({ state }) => state !== 'expired');
    expect(active.map(({ id }) => id)).toEqual([await silenceId()]);
    expect((await thread()).timeline.entries.filter(({ kind }) => kind === 'silenced')).toHaveLength(1);
  });

  it('a server that hangs does not hold up the end of the service', async () => {
    await fires();
    await diesWhileItAsks(false);
    let answer: (id: string) => void = () => undefined;
    world.silences.hook = () => new Promise((resolve) => (answer = resolve));
    await world.slack.pass(40_000); // by now it is taken up
    let stopped = false;
    const stopping = world.stopWatching().then(() => (stopped = true));
    await world.slack.pass(4_000);
    expect(stopped).toBe(false); // what runs gets a chance
    await world.slack.pass(2_000);
    expect(stopped).toBe(true);
    await stopping;
    answer('late');
  });
});
