import type { Clock } from '../../src/clock/clock.js';
import { workOf, type DeliveryQueue, type Work } from '../../src/delivery/delivery-queue.js';
import type { LaneName } from '../../src/delivery/lane.js';
import { PRIORITY } from '../../src/domain/priority.js';
import { eventually } from '../support/eventually.js';

export interface QueueUnderTest {
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  /** Lets this much time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  dispose(): void;
}

const CHANNEL = 'C0123456789';
const POSTS: LaneName = `posts:${CHANNEL}`;
/** The pace under it: 10 posts a second, 4 at once, one of which is kept for people. */
export const QUEUE_PACE = { postsPerSecond: 10, postBurst: 4 };
const TOKEN_MS = 100;

const work = (name: string): Work => workOf(name, CHANNEL);

/** Takes what is handed out, and says whether Slack was called. */
class Worker {
  readonly done: string[] = [];
  running = 0;
  most = 0;
  /** Works that need no call after all. */
  readonly settled = new Set<string>();
  /** While set, nothing ends. */
  held: Promise<void> | undefined;

  handle = async ({ key }: Work): Promise<boolean> => {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    this.done.push(key);
    await this.held;
    this.running -= 1;
    return !this.settled.has(key);
  };
}

/** What a queue does, over whichever pace. Some of it takes real time, so times are bounds. */
export const deliveryQueueContract = (name: string, make: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: the contract of a delivery queue`, () => {
    let made: QueueUnderTest;
    let queue: DeliveryQueue;
    let worker: Worker;

    beforeEach(async () => {
      made = await make();
      ({ queue } = made);
      worker = new Worker();
    });
    afterEach(async () => {
      worker.held = undefined;
      await queue.stop();
      made.dispose();
    });

    const start = (): void => {
      queue.start(worker.handle);
    };
    /** Lets time pass until so many were handed out. */
    const handed = async (count: number): Promise<readonly string[]> => {
      await eventually(
        `${String(count)} to be handed out`,
        async () => {
          await made.pass(10);
          return worker.done.length >= count;
        },
        { instead: () => worker.done.join(' ') },
      );
      return worker.done;
    };

    it('hands out the best priority first, and what came first within one', async () => {
      queue.schedule(work('counts'), POSTS, PRIORITY.counts);
      queue.schedule(work('new'), POSTS, PRIORITY.new);
      queue.schedule(work('newer'), POSTS, PRIORITY.new);
      queue.schedule(work('critical'), POSTS, PRIORITY['new-critical']);
      start();
      expect((await handed(3)).slice(0, 3)).toEqual(['critical', 'new', 'newer']);
    });

    it('lets flows take turns within one priority', async () => {
      for (let i = 0; i < 12; i++) queue.schedule(work(`many${String(i)}`), POSTS, PRIORITY['new-critical'], 'many');
      queue.schedule(work('lower'), POSTS, PRIORITY.new, 'lower');
      for (let i = 0; i < 2; i++) queue.schedule(work(`few${String(i)}`), POSTS, PRIORITY['new-critical'], 'few');
      queue.schedule(work('one'), POSTS, PRIORITY['new-critical'], 'one');
      start();
      const done = await handed(16);
      expect(done.slice(0, 3)).toEqual(['many0', 'few0', 'one']);
      // Every fourth turn goes to the one that waits longest.
      expect(done.indexOf('few1')).toBeLessThan(7);
      expect(done.filter((name) => name.startsWith('many'))).toEqual(
        Array.from({ length: 12 }, (_, i) => `many${String(i)}`),
      );
    });

    it('keeps to the pace', async () => {
      for (let i = 0; i < 12; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      const started = made.clock.monotonic();
      start();
      await handed(12);
      // 3 at once, 9 more at a token each.
      expect(made.clock.monotonic() - started).toBeGreaterThan(9 * TOKEN_MS - 30);
    });

    it('hands a record out once for each time it was put in, and moves it to another priority while it waits', async () => {
      for (let i = 0; i < 6; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      queue.schedule(work('last'), POSTS, PRIORITY.counts);
      start();
      await handed(3);
      queue.schedule(work('last'), POSTS, PRIORITY.person);
      await handed(7);
      await made.pass(200);
      expect(worker.done.slice(3, 5)).toContain('last');
      expect(worker.done).toHaveLength(7);
      expect(queue.has(work('last'))).toBe(false);
    });

    it('has what a person did go at once, though no token is left for the others', async () => {
      for (let i = 0; i < 20; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      start();
      await handed(3);
      const clicked = made.clock.monotonic();
      queue.schedule(work('click'), POSTS, PRIORITY.person);
      await eventually('the click', async () => {
        await made.pass(1);
        return worker.done.includes('click');
      });
      expect(made.clock.monotonic() - clicked).toBeLessThan(TOKEN_MS);
    });

    it('gives every fourth turn to the one that waits longest', async () => {
      queue.schedule(work('old'), POSTS, PRIORITY.counts);
      await made.pass(5);
      for (let i = 0; i < 8; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      start();
      expect((await handed(4)).slice(0, 4)).toContain('old');
    });

    it('works on four of a channel at once, not more, and on other lanes meanwhile', async () => {
      let release = (): void => undefined;
      worker.held = new Promise((resolve) => (release = resolve));
      for (let i = 0; i < 8; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      start();
      await handed(4);
      await made.pass(4 * TOKEN_MS);
      expect(worker.done).toHaveLength(4);
      queue.schedule(work('edit'), 'edits', PRIORITY.counts);
      queue.schedule(work('tick'), 'store', PRIORITY.counts);
      expect(await handed(6)).toEqual(expect.arrayContaining(['edit', 'tick']));
      release();
      await handed(10);
      expect(worker.most).toBe(6);
    });

    it('gives the token of what needed no call to the next one', async () => {
      for (let i = 0; i < 30; i++) {
        queue.schedule(work(`others${String(i)}`), POSTS, PRIORITY['new-critical']);
        worker.settled.add(`others${String(i)}`);
      }
      for (let i = 0; i < 4; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      const started = made.clock.monotonic();
      start();
      await handed(34);
      // Tokens for 30 calls would take 3 s.
      expect(made.clock.monotonic() - started).toBeLessThan(25 * TOKEN_MS);
    });

    it('forgets what others did, and what is drained', async () => {
      queue.schedule(work('a'), POSTS, PRIORITY.new);
      queue.schedule(work('a'), 'edits', PRIORITY.counts);
      queue.schedule(work('b'), POSTS, PRIORITY.new);
      expect(queue.works().map(({ key }) => key)).toEqual(['a', 'b']);
      queue.keepOnly(work('a'), new Set<LaneName>(['edits']));
      expect(queue.depth()).toBe(2);
      queue.keepOnly(work('a'), new Set());
      expect(queue.has(work('a'))).toBe(false);
      expect(queue.drain(POSTS).map(({ key }) => key)).toEqual(['b']);
      expect(queue.depth()).toBe(0);
      start();
      await made.pass(100);
      expect(worker.done).toEqual([]);
    });

    it('counts each thread once, until its turn comes', async () => {
      queue.schedule(work('a'), POSTS, PRIORITY.new);
      queue.schedule(work('a'), 'edits', PRIORITY.counts);
      queue.schedule(work('b'), POSTS, PRIORITY.new);
      expect(queue.depth()).toBe(2);
      start();
      await handed(3);
      expect(queue.depth()).toBe(0);
    });

    it('hands out nothing more once it is told to stop, and waits for what runs', async () => {
      let release = (): void => undefined;
      worker.held = new Promise((resolve) => (release = resolve));
      for (let i = 0; i < 8; i++) queue.schedule(work(`n${String(i)}`), POSTS, PRIORITY.new);
      start();
      await handed(2);
      let stopped = false;
      const stopping = queue.stop().then(() => (stopped = true));
      await made.pass(20);
      const count = worker.done.length;
      expect(stopped).toBe(false);
      release();
      await stopping;
      await made.pass(200);
      expect(worker.done).toHaveLength(count);
    });
  });
};
