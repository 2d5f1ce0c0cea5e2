import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { channelAsText, messageText } from '../../simulator/workspace/as-text.js';
import type { Message } from '../../simulator/workspace/message.js';
import { AlertGroup, type SenderCounts } from '../support/alert-group.js';
import { eventually } from '../support/eventually.js';
import { Random } from '../support/random.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, ServiceProcess } from '../support/service-process.js';
import { CHANNEL, titleOf } from '../support/slack-channel.js';
import { storedWork } from '../support/stored-work.js';
import { TempFolder } from '../support/temp-folder.js';
import { makeUnreliable } from '../support/unreliable-slack.js';

/**
 * kill -9 at random moments of a run in which alerts fire, join and resolve while Slack is slow and loses calls and
 * answers. `npm test` does the short one. The full one, about six minutes:
 *
 *     npm run build && KILLS=200 npx jest test/e2e/kill
 *
 * SEED=… takes the random choices of an earlier run. What the processes and the disk do meanwhile is never the same.
 */
const KILLS = Number(process.env['KILLS'] ?? 15);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** From here on the run also waits for the last look for doubles, a minute after the last repeated call. */
const FULL = 100;
const PROBLEMS_PER_KILL = 1.2;
const SETTLE_WITHIN_MS = KILLS >= FULL ? 300_000 : 120_000;

interface Shown {
  readonly root: Message;
  readonly replies: readonly Message[];
}

const operationOf = (message: Message): string => String(message.metadata?.event_payload['operation']);

const isResolvedCard = (message: Message): boolean => titleOf(message).startsWith('✅ RESOLVED — ');

const ofRepeated = (texts: readonly string[]): string[] => texts.filter((text, i) => texts.indexOf(text) !== i);

describe('kill -9', () => {
  const random = new Random(SEED);
  const counts: SenderCounts & { kills: number } = { kills: 0, webhooks: 0, retries: 0 };
  const folder = new TempFolder();
  const file = folder.file('threads.json');
  const problems: AlertGroup[] = [];
  /** Titles of roots as they were posted. */
  const firstTitles = new Map<string, string>();
  const errors: unknown[] = [];
  let simulator: Simulator;
  let service: ServiceProcess | undefined;
  let lostAnswers: () => Record<string, number>;
  /** Called with each call to Slack at its arrival. */
  let onCall: (method: string) => void = () => undefined;

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    simulator.faults.add({
      kind: 'hang',
      times: Infinity,
      match: ({ method }) => {
        onCall(method);
        return false;
      },
    });
    lostAnswers = makeUnreliable(simulator, random);
    simulator.workspace.onChange(({ kind, message }) => {
      if (kind === 'posted' && message && message.thread_ts === undefined)
        firstTitles.set(message.ts, titleOf(message));
    });
  });
  afterAll(async () => {
    await endServices();
    await simulator.close();
    folder.remove();
  });

  const start = (): ServiceProcess => {
    return new ServiceProcess({ file, env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0' }) });
  };

  /** Half of the kills come at any time, the others while a call to Slack runs or just after it. */
  const moment = async (running: ServiceProcess): Promise<void> => {
    if (random.chance(0.5)) {
      await pause(random.between(100, 3_000));
      return;
    }
    await running.ready();
    const patience = AbortSignal.timeout(3_000);
    let calls = random.between(1, 6);
    await new Promise<void>((resolve) => {
      patience.addEventListener('abort', () => {
        resolve();
      });
      onCall = (method) => {
        if (method.startsWith('chat.') && --calls === 0) resolve();
      };
    });
    onCall = () => undefined;
    const wait = random.pick([0, 0, random.between(1, 20), random.between(1, 300)]);
    if (wait > 0) await pause(wait);
  };

  const end = async (killed: ServiceProcess): Promise<void> => {
    await killed.kill9();
    counts.kills += 1;
    errors.push(...killed.log.filter(({ level }) => level >= 50));
  };

  const shownOf = (problem: AlertGroup): Shown[] =>
    simulator.workspace
      .messages(CHANNEL)
      .filter((message) => !message.deleted && titleOf(message).endsWith(` ${problem.title}`))
      .map((root) => ({ root, replies: simulator.workspace.replies(CHANNEL, root.ts).filter((one) => !one.deleted) }));

  /** Why the channel does not yet tell the truth about a problem; undefined when it does. */
  const isWrong = (problem: AlertGroup): string | undefined => {
    const threads = shownOf(problem);
    const [thread] = threads;
    if (thread === undefined) return 'is not shown';
    if (threads.length > 1) return `has ${threads.length} roots`;
    const { root, replies } = thread;
    const firing = problem.firing.length;
    const resolved = problem.alerts.length - firing;
    const text = messageText(root);
    if (titleOf(root).startsWith('✅') !== problem.isOver) return `is shown as ${titleOf(root)}`;
    if (problem.isOver && root.attachments[0]?.color !== '2EB67D') return 'is over and not green';
    const count = problem.isOver ? `All ${resolved} alerts resolved` : `${firing} firing, ${resolved} resolved`;
    if (problem.alerts.length > 1 && !text.includes(count)) return `does not say "${count}"`;
    const named = problem.isOver ? problem.alerts : problem.firing;
    const missing = named.filter(({ instance }) => !text.includes(instance));
    if (missing.length > 0) return `does not name ${missing.map(({ instance }) => instance).join(', ')}`;
    const cards = replies.filter(isResolvedCard).length;
    const wasOverAtFirst = firstTitles.get(root.ts)?.startsWith('✅') ?? false;
    if (cards > 1 || (problem.isOver && cards === 0 && !wasOverAtFirst) || (!problem.isOver && cards > 0)) {
      return `has ${cards} resolved cards`;
    }
    const repeated = ofRepeated(replies.map(operationOf));
    if (repeated.length > 0) return `has replies twice: ${repeated.join(', ')}`;
    return undefined;
  };

  /** Every call about a problem's threads, with what Slack did to it: shows which of them came late. */
  const callsFor = (problem: AlertGroup): string[] => {
    const threads = shownOf(problem).map(({ root }) => root.ts);
    return simulator.calls
      .filter(({ ts, args }) => [ts, args['ts'], args['thread_ts']].some((one) => threads.includes(String(one))))
      .map(({ at, method, outcome, fault = '', args }) => {
        return `  ${new Date(at).toISOString()} ${method} ${outcome} ${fault} ${String(args['text']).slice(0, 80)}`;
      });
  };

  const wrong = (): string[] =>
    problems.flatMap((problem) => {
      const reason = isWrong(problem);
      return reason === undefined ? [] : [`${problem.title} ${reason}`];
    });

  it(
    `at ${KILLS} moments: every alert is shown, no problem has two roots, no reply is there twice`,
    async () => {
      const began = performance.now();
      const where = () => (service?.isListening === true && !service.hasEnded ? service.url : undefined);
      const stories: Promise<void>[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        service = start();
        while (problems.length < (kill + 1) * PROBLEMS_PER_KILL) {
          const problem = new AlertGroup(`Problem ${problems.length + 1} of the shop`, random, where, counts);
          problems.push(problem);
          stories.push(problem.happen());
        }
        await moment(service);
        await end(service);
      }
      await simulator.faults.clear();
      service = start();
      await service.ready();
      await Promise.all(stories);
      const last = service;

      const settled = performance.now();
      await last.until('the channel to tell the truth', () => wrong().length === 0, {
        timeoutMs: SETTLE_WITHIN_MS,
        instead: () => [`seed ${SEED}`, ...wrong(), ...problems.filter(isWrong).flatMap(callsFor)].join('\n'),
      });
      // as on the page, so in the store: nothing is claimed, nothing is left to be deleted
      const left = { claims: ['?'], strays: ['?'], doubts: ['?'] };
      await eventually(
        'nothing to be left to do',
        async () => {
          Object.assign(left, await storedWork(file));
          return left.claims.length + left.strays.length === 0 && (KILLS < FULL || left.doubts.length === 0);
        },
        { timeoutMs: SETTLE_WITHIN_MS, instead: () => JSON.stringify(left) },
      );
      await last.idle();
      await last.stop();
      errors.push(...last.log.filter(({ level }) => level >= 50));

      const messages = simulator.workspace.allMessages(CHANNEL).filter(({ deleted }) => !deleted);
      const roots = messages.filter((message) => message.thread_ts === undefined);
      const replies = messages.filter((message) => message.thread_ts !== undefined);
      const ofMethod = (method: string, outcome = 'ok') =>
        simulator.calls.filter((call) => call.method === method && call.outcome === outcome).length;
      const faults = Object.entries(lostAnswers()).map(([kind, hits]) => `${kind} ${hits}`);
      process.stderr.write(
        [
          `kill -9, seed ${SEED}: ${counts.kills} kills in ${seconds(began, settled)}, settled in ${seconds(settled)}`,
          `  ${counts.webhooks} webhooks, ${counts.retries} retries`,
          `  ${problems.length} problems (${problems.filter(({ isOver }) => isOver).length} over), ${problems.flatMap(({ alerts }) => alerts).length} alerts`,
          `  ${roots.length} roots, ${replies.length} replies (${replies.filter(isResolvedCard).length} resolved cards)`,
          `  ${simulator.calls.length} calls: ${ofMethod('chat.postMessage')} posts and ${ofMethod('chat.update')} edits answered, ${ofMethod('conversations.history') + ofMethod('conversations.replies')} look-ups, ${ofMethod('chat.delete')} doubles deleted`,
          `  Slack: ${faults.join(', ')}`,
          '',
        ].join('\n'),
      );

      const text = channelAsText(simulator.workspace, CHANNEL);
      expect([wrong(), text]).toEqual([[], text]);
      expect(roots.map(titleOf).filter((title) => !problems.some((problem) => title.endsWith(problem.title)))).toEqual(
        [],
      );
      expect(roots).toHaveLength(problems.length);
      expect(ofRepeated(messages.map(operationOf))).toEqual([]);
      expect(counts.kills).toBe(KILLS);
      expect(errors).toEqual([]);
    },
    KILLS * 8_000 + SETTLE_WITHIN_MS * 3,
  );
});

const seconds = (from: number, to = performance.now()): string => `${((to - from) / 1_000).toFixed(1)} s`;
