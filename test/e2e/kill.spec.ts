import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { expectEachProblemOnce, outcomeLines } from '../support/after-kills.js';
import { AlertGroup } from '../support/alert-group.js';
import { allIncidents } from '../support/all-incidents.js';
import { CallWatch } from '../support/call-watch.js';
import { Crowds, MAX_OPEN } from '../support/crowds.js';
import { eventually } from '../support/eventually.js';
import { ProblemsShown } from '../support/problems-shown.js';
import { Random } from '../support/random.js';
import { seconds } from '../support/seconds.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, ServiceProcess } from '../support/service-process.js';
import { isDone, storedWork, type StoredWork } from '../support/stored-work.js';
import { TempFolder } from '../support/temp-folder.js';
import { makeUnreliable } from '../support/unreliable-slack.js';
import { PATIENT, WebhookSender } from '../support/webhook-sender.js';

/**
 * kill -9 at random moments of a run in which alerts fire, join and resolve, hundreds of one problem come at once, and
 * problems without end are folded, while Slack is slow and loses calls and
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

describe('kill -9', () => {
  const random = new Random(SEED);
  const folder = new TempFolder();
  const file = folder.file('threads.json');
  const problems: AlertGroup[] = [];
  const errors: unknown[] = [];
  let simulator: Simulator;
  let service: ServiceProcess | undefined;
  let kills = 0;
  let lostAnswers: () => Record<string, number>;
  let watch: CallWatch;
  let shown: ProblemsShown;

  beforeAll(async () => {
    simulator = await startSimulator({ pace: 'off' });
    watch = new CallWatch(simulator, random);
    lostAnswers = makeUnreliable(simulator, random);
    shown = new ProblemsShown(simulator);
  });
  afterAll(async () => {
    await endServices();
    await simulator.close();
    folder.remove();
  });

  const start = (): ServiceProcess => {
    return new ServiceProcess({ file, env: withSlack(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0', MAX_OPEN }) });
  };

  const end = async (killed: ServiceProcess): Promise<void> => {
    await killed.kill9();
    kills += 1;
    errors.push(...killed.log.filter(({ level }) => level >= 50));
  };

  it(
    `at ${KILLS} moments: every alert is shown, no problem has two roots, no reply is there twice`,
    async () => {
      const began = performance.now();
      const where = () => (service?.isListening === true && !service.hasEnded ? service.url : undefined);
      const sender = new WebhookSender(where, PATIENT);
      const crowds = new Crowds(simulator, random, sender);
      const stories = [crowds.happen()];
      for (let kill = 0; kill < KILLS; kill++) {
        const running = (service = start());
        while (problems.length < (kill + 1) * PROBLEMS_PER_KILL) {
          const problem = new AlertGroup(`Problem ${problems.length + 1} of the shop`, random, sender);
          problems.push(problem);
          stories.push(problem.happen());
        }
        await watch.moment(() => running.ready());
        await end(running);
      }
      await simulator.faults.clear();
      service = start();
      await service.ready();
      await Promise.all(stories);
      const last = service;

      const settled = performance.now();
      let wrong: string[] = [];
      const told = async (): Promise<boolean> => {
        wrong = [...shown.wrong(problems), ...crowds.wrong(await allIncidents(last))];
        return wrong.length === 0;
      };
      await last.until('the channel to tell the truth', told, {
        timeoutMs: SETTLE_WITHIN_MS,
        instead: () => [`seed ${SEED}`, ...wrong, shown.explain(problems)].join('\n'),
      });
      // as on the page, so in the store: nothing is claimed, nothing is left to be deleted
      let left: StoredWork | undefined;
      await eventually(
        'nothing to be left to do',
        async () => {
          left = await storedWork(file);
          return isDone(left, KILLS >= FULL);
        },
        { timeoutMs: SETTLE_WITHIN_MS, instead: () => JSON.stringify(left) },
      );
      await last.idle();
      await told();
      await last.stop();
      errors.push(...last.log.filter(({ level }) => level >= 50));

      process.stderr.write(
        [
          `kill -9, seed ${SEED}: ${kills} kills in ${seconds(settled - began)}, settled in ${seconds(performance.now() - settled)}`,
          `  ${sender.counts.webhooks} webhooks, ${sender.counts.retries} retries`,
          `  ${crowds.told}`,
          ...outcomeLines(simulator, problems, lostAnswers()).map((line) => `  ${line}`),
          '',
        ].join('\n'),
      );

      expectEachProblemOnce(simulator, problems, wrong, crowds.isAbout);
      expect([kills, sender.counts.failed]).toEqual([KILLS, []]);
      expect(errors).toEqual([]);
    },
    KILLS * 8_000 + SETTLE_WITHIN_MS * 3,
  );
});
