import fc from 'fast-check';
import type { Call } from '../../simulator/calls/call.js';
import { crowds } from '../support/fuzz-crowds.js';
import { anyEnvelope, realEnvelopes } from '../support/fuzz-envelopes.js';
import { faultsOf } from '../support/message-faults.js';
import { PeopleWorld } from '../support/people-world.js';
import { percentile } from '../support/percentile.js';
import { Random } from '../support/random.js';
import { MEGABYTE, rssOf, sizeOf, smallPod } from '../support/small-pod.js';
import { CHANNEL } from '../support/slack-channel.js';
import { TempFolder } from '../support/temp-folder.js';

/**
 * Webhooks and envelopes of any kind for one process with as little memory as the chart gives it. The long form, about
 * a quarter of an hour:
 *
 *     npm run build && LONG=1 npx jest test/e2e/small-pod-fuzz
 *
 * SEED=… has the payloads of an earlier run again.
 */
const LONG = process.env['LONG'] === '1';
const WEBHOOKS = Number(process.env['PAYLOADS'] ?? (LONG ? 100_000 : 2_000));
const ENVELOPES = Number(process.env['ENVELOPES'] ?? (LONG ? 100_000 : 1_000));
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Small, so that most problems are folded. */
const MAX_OPEN = 100;
const PARTS = 10;
const SENDERS = 8;
const PEOPLE = 16;
/** Webhooks that are made at a time. */
const MADE_AT_A_TIME = 100;
const SAMPLE_EVERY = 20;
/**
 * The last third of the run may take so much more memory than the middle one. V8 lets up to about 64 MB of garbage
 * gather between two collections of a heap of 384 MB; what a leak of 1 kB a webhook would add to the long form is 30 MB
 * and more, and each alert that is kept is more than that.
 */
const MORE_BYTES = 64 * MEGABYTE;
const TIMEOUT_MS = LONG ? 3_600_000 : 180_000;

/** A copy of an envelope has the response_url of the first one, which Slack takes five times. */
const isRefused = ({ method, outcome }: Call): boolean =>
  outcome !== 'ok' && !(method === 'response_url' && outcome === 'used_url');

describe('a small pod', () => {
  const folder = new TempFolder();
  const file = folder.file('threads.json');
  let world: PeopleWorld | undefined;
  afterAll(async () => {
    await world?.end();
    folder.remove();
  });

  it(
    `takes ${WEBHOOKS} webhooks and ${ENVELOPES} envelopes of any kind, and its memory does not grow`,
    async () => {
      const settings = { MAX_OPEN: String(MAX_OPEN), ALERTMANAGER_URL: 'http://127.0.0.1:9/' };
      world = await PeopleWorld.start(settings, { file, command: smallPod() });
      const { service, simulator } = world;
      const random = new Random(SEED);
      const real = await realEnvelopes(world);
      process.stderr.write(`small pod: SEED=${SEED}\n`);

      const statuses = new Map<string, number>();
      const broken: string[] = [];
      const lost: unknown[] = [];
      const refused: unknown[] = [];
      let sent = 0;
      let alerts = 0;
      let folded = 0;
      let samples: number[] = [];
      const send = async (body: string): Promise<void> => {
        const { status, headers, text, body: answer } = await service.post('/alert', body);
        const isBackPressure = status === 503 && headers.has('retry-after');
        const name = isBackPressure ? 'back-pressure' : String(status);
        statuses.set(name, (statuses.get(name) ?? 0) + 1);
        if (status !== 200 && status !== 400 && !isBackPressure) {
          broken.push(`${status} ${text.slice(0, 300)} for ${body.slice(0, 500)}`);
        }
        if (status === 200) {
          const results = answer.results as { note?: string }[];
          alerts += results.length;
          folded += results.filter(({ note }) => note?.includes('counted in one thread') ?? false).length;
        }
        if (++sent % SAMPLE_EVERY === 0) samples.push(rssOf(service));
      };
      const webhooks = async (count: number, seed: number): Promise<void> => {
        for (let made = 0; made < count; made += MADE_AT_A_TIME) {
          const numRuns = Math.min(MADE_AT_A_TIME, count - made);
          const bodies = fc.sample(crowds, { numRuns, seed: seed + made });
          const sender = async (): Promise<void> => {
            for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await send(body);
          };
          await Promise.all(Array.from({ length: SENDERS }, sender));
        }
      };
      const envelopes = async (count: number): Promise<void> => {
        let left = count;
        const person = async (): Promise<void> => {
          while (left-- > 0) {
            const { type, payload } = anyEnvelope(real, random);
            const outcome = await simulator.sockets.send(type, payload).ended;
            if (!outcome.acknowledged) lost.push({ type, payload, reason: outcome.reason });
          }
        };
        await Promise.all(Array.from({ length: PEOPLE }, person));
      };

      const medians: number[] = [];
      const began = performance.now();
      for (let part = 0; part < PARTS; part++) {
        samples = [];
        await Promise.all([
          webhooks(WEBHOOKS / PARTS, SEED + part * WEBHOOKS),
          envelopes(Math.ceil(ENVELOPES / PARTS)),
        ]);
        medians.push(percentile(samples, 50));
        refused.push(...simulator.calls.filter(isRefused));
        process.stderr.write(
          `small pod, part ${part + 1}: ${((performance.now() - began) / 1_000).toFixed(0)} s, ${alerts} alerts (${folded} folded), ` +
            `RSS ${(percentile(samples, 50) / MEGABYTE).toFixed(0)} MB (most ${(Math.max(...samples) / MEGABYTE).toFixed(0)}), ` +
            `file ${(sizeOf(file) / MEGABYTE).toFixed(1)} MB\n`,
        );
      }
      process.stderr.write(
        `small pod: answers ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}; ` +
          `${simulator.workspace.allMessages(CHANNEL).length} messages\n`,
      );

      expect([broken.slice(0, 3), lost.slice(0, 3), refused.slice(0, 3)]).toEqual([[], [], []]);
      expect(simulator.workspace.allMessages(CHANNEL).flatMap(faultsOf)).toEqual([]);
      // It is the same process, and goes on as before.
      await world.connected();
      expect((await service.get('/health')).status).toBe(200);
      expect(service.log.filter(({ level }) => level >= 50)).toEqual([]);
      // A good share got in, and many of it were folded: the rest of this test means something.
      expect(statuses.get('200') ?? 0).toBeGreaterThan(WEBHOOKS / 3);
      expect(folded).toBeGreaterThan(alerts / 10);
      const [middle, last] = [medians.slice(4, 7), medians.slice(7)].map((some) => percentile(some, 50));
      expect(last).toBeLessThan((middle ?? NaN) + MORE_BYTES);
      await service.stop();
    },
    TIMEOUT_MS,
  );
});
