import { setTimeout as pause } from 'node:timers/promises';
import { AckClicks } from '../support/ack-clicks.js';
import { AlertGroup } from '../support/alert-group.js';
import { describeRedis } from '../support/describe-redis.js';
import { doublesIn, repliesOf, rootsOf, standing } from '../support/operations.js';
import { ProblemsShown } from '../support/problems-shown.js';
import { Random } from '../support/random.js';
import { Replicas } from '../support/replicas.js';
import { seconds } from '../support/seconds.js';
import { CHANNEL } from '../support/slack-channel.js';
import { WebhookSender } from '../support/webhook-sender.js';

/**
 * Every replica is stopped and started again, one after the other, while alerts and clicks come. `npm test` does it
 * once; ROUNDS=10 for longer. SEED=… takes the random choices of an earlier run.
 */
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** With four alerts each, 50 alerts a second. */
const PROBLEMS = 5;
const EVERY_MS = 400;
const CLICKED = 8;
const CLICK_EVERY_MS = 100;
/** Calls to Slack get 10 s to end. */
const STOP_WITHIN_MS = 11_000;
const SETTLE_WITHIN_MS = 120_000;

describeRedis('a rolling restart of three replicas', () => {
  let replicas: Replicas;
  afterAll(() => replicas.end());

  it(
    `${ROUNDS} times over, under 50 alerts and 10 clicks a second: nobody notices`,
    async () => {
      const random = new Random(SEED);
      replicas = await Replicas.start();
      const { simulator } = replicas;
      // so that a stop finds calls on their way
      const slow = { kind: 'slow', times: Infinity, method: /^chat\./ } as const;
      simulator.faults.add({ ...slow, accept: 'before', delayMs: 1_500, match: () => random.chance(0.2) });
      simulator.faults.add({ ...slow, accept: 'after', delayMs: 500, match: () => random.chance(0.3) });
      const sender = new WebhookSender(replicas.where);
      const shown = new ProblemsShown(simulator);
      const clicks = new AckClicks(simulator);
      const problems = Array.from({ length: PROBLEMS }, (_, n) => new AlertGroup(`Load ${n} of it`, random, sender));
      const clicked = Array.from({ length: CLICKED }, (_, n) => `Click here ${n}.`);
      await sender.send({ status: 'firing', alerts: clicked.map(alertOf) });
      const messages = () => standing(simulator, [CHANNEL]);
      await replicas.until('threads to click on', () => rootsOf(messages()).length === CLICKED);

      const began = performance.now();
      let ended = false;
      const load = problems.map((problem) => problem.goOn(() => ended, EVERY_MS));
      const presses: Promise<unknown>[] = [];
      const clicking = setInterval(() => {
        presses.push(clicks.press(clicked[presses.length % CLICKED] ?? ''));
      }, CLICK_EVERY_MS);
      const stops: number[] = [];
      for (let n = 0; n < ROUNDS * 3; n++) {
        await pause(random.between(200, 1_200));
        const asked = performance.now();
        await replicas.at(n % 3).stop();
        stops.push(Math.round(performance.now() - asked));
        replicas.startAgain(n % 3);
        await replicas.connected();
      }
      await pause(500);
      ended = true;
      clearInterval(clicking);
      await simulator.faults.clear();
      await Promise.all([...load, ...presses]);
      const loaded = performance.now();

      const wrong = async (): Promise<string[]> => [
        ...shown.wrong(problems),
        ...clicks.wrong(await replicas.incidents()),
      ];
      let last: string[] = [];
      await replicas.until('everything to be told', async () => (last = await wrong()).length === 0, {
        timeoutMs: SETTLE_WITHIN_MS,
        instead: () => [`seed ${SEED}`, ...last, shown.explain(problems)].join('\n'),
      });
      const settled = performance.now();
      await replicas.stop();
      const { webhooks, retries, slowestMs, failed } = sender.counts;
      const { clicks: pressed, acknowledged } = clicks.counts;
      process.stderr.write(
        [
          `rolling restart, seed ${SEED}: ${stops.length} stops (${stops.join(', ')} ms) in ${seconds(loaded - began)}, told ${seconds(settled - loaded)} later`,
          `  ${webhooks} webhooks, ${retries} retries, the slowest taken after ${slowestMs} ms`,
          `  ${pressed} clicks, ${acknowledged} acknowledged`,
          `  ${rootsOf(messages()).length} roots, ${repliesOf(messages()).length} replies`,
          '',
        ].join('\n'),
      );
      expect(failed).toEqual([]);
      // What Slack hands to a connection while it is being closed can't be acknowledged: that person sees a warning sign.
      expect(acknowledged).toBeGreaterThanOrEqual(pressed - stops.length);
      expect(shown.wrong(problems)).toEqual([]);
      expect(rootsOf(messages())).toHaveLength(PROBLEMS + CLICKED);
      expect(doublesIn(messages())).toEqual([]);
      expect(Math.max(...stops)).toBeLessThanOrEqual(STOP_WITHIN_MS);
      expect(replicas.errors).toEqual([]);
    },
    ROUNDS * 60_000 + SETTLE_WITHIN_MS,
  );
});

const alertOf = (summary: string) => ({
  labels: { alertname: summary.replaceAll(' ', ''), severity: 'critical', instance: 'host1' },
  annotations: { summary },
  startsAt: new Date().toISOString(),
});
