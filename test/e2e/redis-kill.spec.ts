import { AckClicks } from '../support/ack-clicks.js';
import { expectEachProblemOnce, outcomeLines } from '../support/after-kills.js';
import { AlertGroup } from '../support/alert-group.js';
import { CallWatch } from '../support/call-watch.js';
import { Crowds, MAX_OPEN } from '../support/crowds.js';
import { describeRedis } from '../support/describe-redis.js';
import { dealDisturbances, Disturbances } from '../support/disturbances.js';
import { ProblemsShown } from '../support/problems-shown.js';
import { Random } from '../support/random.js';
import { Replicas } from '../support/replicas.js';
import { seconds } from '../support/seconds.js';
import { NO_PACE } from '../support/service-environment.js';
import { isDone, storedWorkInRedis, type StoredWork } from '../support/stored-work.js';
import { makeUnreliable } from '../support/unreliable-slack.js';
import { PATIENT, WebhookSender } from '../support/webhook-sender.js';

/**
 * Three replicas, of which one is killed, paused, or all lose Redis, at random moments of a run in which alerts fire,
 * join and resolve, people click, and Slack is slow and loses calls and answers. `npm test` does the short one. The full
 * one, about ten minutes:
 *
 *     npm run build && KILLS=100 npx jest test/e2e/redis-kill
 *
 * SEED=… takes the random choices of an earlier run. What the processes and the network do meanwhile is never the same.
 */
const KILLS = Number(process.env['KILLS'] ?? 8);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** From here on the run also waits for the last look for doubles, a minute after the last repeated call. */
const FULL = 20;
const PROBLEMS_PER_KILL = 1;
const SETTLE_WITHIN_MS = KILLS >= FULL ? 300_000 : 120_000;
/** Each click is an edit, and Slack takes 40 of them a minute. */
const CLICK_EVERY_MS = 600;

describeRedis('three replicas, any of which may go', () => {
  let replicas: Replicas;
  afterAll(() => replicas.end());

  it(
    `at ${KILLS} moments: nothing is lost, nothing is there twice`,
    async () => {
      const random = new Random(SEED);
      replicas = await Replicas.start({ redis: { onDisk: true }, settings: { ...NO_PACE, MAX_OPEN } });
      const { simulator } = replicas;
      const watch = new CallWatch(simulator, random);
      const lostAnswers = makeUnreliable(simulator, random);
      const shown = new ProblemsShown(simulator);
      const clicks = new AckClicks(simulator);
      const sender = new WebhookSender(replicas.where, PATIENT);
      const disturbances = new Disturbances(replicas, random);
      const problems: AlertGroup[] = [];
      const crowds = new Crowds(simulator, random, sender);
      const stories = [crowds.happen()];
      const presses: Promise<unknown>[] = [];
      const clicking = setInterval(() => {
        const title = problems[random.between(0, problems.length - 1)]?.title;
        if (title !== undefined) presses.push(clicks.press(title));
      }, CLICK_EVERY_MS);

      const began = performance.now();
      for (const [n, kind] of dealDisturbances(random, KILLS).entries()) {
        while (problems.length < (n + 1) * PROBLEMS_PER_KILL) {
          const problem = new AlertGroup(`Problem ${problems.length + 1} of the shop`, random, sender);
          problems.push(problem);
          stories.push(problem.happen());
        }
        await watch.moment();
        await disturbances.happen(kind);
      }
      await disturbances.over();
      await simulator.faults.clear();
      await Promise.all(stories);
      clearInterval(clicking);
      await Promise.all(presses);
      await replicas.connected();

      const settled = performance.now();
      let wrong: string[] = [];
      const told = async (): Promise<boolean> => {
        const incidents = await replicas.incidents();
        wrong = [...shown.wrong(problems), ...clicks.wrong(incidents), ...crowds.wrong(incidents)];
        return wrong.length === 0;
      };
      const instead = (): string => [`seed ${SEED}`, ...wrong, shown.explain(problems)].join('\n');
      await replicas.until('the channel to tell the truth', told, { timeoutMs: SETTLE_WITHIN_MS, instead });
      await replicas.idle();
      // as on the page, so in the store: nothing is claimed, nothing is left to be deleted
      let left: StoredWork | undefined;
      await replicas.until(
        'nothing to be left to do',
        async () => {
          left = await storedWorkInRedis(replicas.redis.url);
          return isDone(left, KILLS >= FULL);
        },
        { timeoutMs: SETTLE_WITHIN_MS, instead: () => `seed ${SEED} ${JSON.stringify(left)}` },
      );
      await told();
      await replicas.stop();

      const { webhooks, retries } = sender.counts;
      process.stderr.write(
        [
          `replicas, seed ${SEED}: ${disturbances.told} in ${seconds(settled - began)}, settled in ${seconds(performance.now() - settled)}`,
          `  ${webhooks} webhooks, ${retries} retries; ${clicks.counts.clicks} clicks, ${clicks.counts.acknowledged} acknowledged`,
          `  ${crowds.told}`,
          ...outcomeLines(simulator, problems, lostAnswers()).map((line) => `  ${line}`),
          '',
        ].join('\n'),
      );

      expectEachProblemOnce(simulator, problems, wrong, crowds.isAbout);
      expect(disturbances.count).toBe(KILLS);
      expect(replicas.errors).toEqual([]);
    },
    KILLS * 10_000 + SETTLE_WITHIN_MS * 3,
  );
});
