import type { Paced } from '../../src/delivery/lane.js';
import type { Pace } from '../../src/delivery/pace.js';
import type { PaceOptions } from '../../src/delivery/pace-limits.js';

export interface PaceUnderTest {
  readonly pace: Pace;
  /** The pace as another process of the service has it. */
  readonly other: Pace;
  /** Lets this much time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  dispose(): void;
}

/** A token each 250 ms: long, so that a slow machine takes no second one by accident. One is kept for people. */
const OPTIONS: PaceOptions = { postsPerSecond: 4, postBurst: 4 };
const TOKEN_MS = 250;
const HERE = 'posts:C0HERE';
const THERE = 'posts:C0THERE';

/** What every provider of Pace does, against the real thing. Some of it takes real time, so times are bounds. */
export const paceContract = (name: string, make: (options: PaceOptions) => Promise<PaceUnderTest>): void => {
  describe(`${name}: the contract of a pace`, () => {
    let made: PaceUnderTest;
    let pace: Pace;

    beforeEach(async () => {
      made = await make(OPTIONS);
      ({ pace } = made);
    });
    afterEach(() => {
      made.dispose();
    });

    /** Takes until it is refused. @returns how many it got */
    const takeAll = async (lane: Paced, byPerson = false): Promise<number> => {
      for (let taken = 0; ; taken++) if ((await pace.take(lane, byPerson)) > 0) return taken;
    };

    it('gives the burst at once, less what is kept for people; then says how long to wait', async () => {
      const all = await Promise.all(Array.from({ length: 10 }, async () => pace.take(HERE)));
      expect(all.filter((wait) => wait === 0)).toHaveLength(3);
      const waits = all.filter((wait) => wait > 0);
      expect(Math.max(...waits)).toBeLessThanOrEqual(TOKEN_MS);
      expect(pace.delay(HERE)).toBeGreaterThan(0);
      expect(pace.delay(HERE)).toBeLessThanOrEqual(TOKEN_MS);
    });

    it('gives one more to what a person did', async () => {
      await takeAll(HERE);
      expect(pace.delay(HERE, true)).toBe(0);
      expect(await pace.take(HERE, true)).toBe(0);
      expect(await pace.take(HERE, true)).toBeGreaterThan(0);
    });

    it('gives the rate from then on, and no more than the burst however long nothing happened', async () => {
      await takeAll(HERE);
      await made.pass(TOKEN_MS * 1.1);
      expect(await takeAll(HERE)).toBe(1);
      await made.pass(TOKEN_MS * 6);
      expect(await takeAll(HERE)).toBe(3);
    });

    it('takes nothing where it refuses', async () => {
      await takeAll(HERE);
      for (let i = 0; i < 20; i++) await pace.take(HERE);
      await made.pass(TOKEN_MS * 1.1);
      expect(await pace.take(HERE)).toBe(0);
    });

    it('takes back what was not used', async () => {
      await takeAll(HERE);
      pace.refund(HERE);
      expect(await pace.take(HERE)).toBe(0);
      expect(await pace.take(HERE)).toBeGreaterThan(0);
    });

    it('keeps to the limit of the workspace over all channels', async () => {
      let taken = 0;
      for (let n = 0; n < 10; n++) taken += await takeAll(`posts:C0SHARED${String(n)}`);
      expect(taken).toBeGreaterThanOrEqual(18);
      expect(taken).toBeLessThanOrEqual(20); // a token or two may have come meanwhile
    });

    it('keeps edits for people; reads are for all', async () => {
      expect(await takeAll('edits')).toBe(5);
      expect(await takeAll('edits', true)).toBe(5);
      expect(await takeAll('reads')).toBe(10);
      expect(await takeAll('reactions')).toBe(10);
      expect(pace.delay('edits', true)).toBeGreaterThan(500);
    });

    it('closes one channel and no other; then gives one call and those kept', async () => {
      pace.close(HERE, 300);
      expect(pace.delay(HERE)).toBeGreaterThan(200);
      expect(await pace.take(HERE)).toBeGreaterThan(200);
      expect(await pace.take(HERE, true)).toBeGreaterThan(200);
      expect(await pace.take(THERE)).toBe(0);
      await made.pass(320);
      expect(await pace.take(HERE)).toBe(0);
    });

    it('closes everything, and opens it', async () => {
      pace.closeAll(10_000);
      for (const lane of [HERE, 'edits', 'reads'] as const) expect(await pace.take(lane, true)).toBeGreaterThan(9_000);
      expect(pace.delay(HERE)).toBeGreaterThan(9_000);
      pace.openAll();
      expect(await pace.take(HERE)).toBe(0);
    });

    it('opens by itself', async () => {
      pace.closeAll(100);
      expect(await pace.take(HERE)).toBeGreaterThan(50);
      await made.pass(130);
      expect(pace.delay(HERE)).toBe(0);
      expect(await pace.take(HERE)).toBe(0);
    });

    it('has no limit for work that needs nothing of Slack', async () => {
      pace.closeAll(10_000);
      for (let i = 0; i < 100; i++) expect([pace.delay('store'), await pace.take('store')]).toEqual([0, 0]);
    });

    it('lets one wait for a token', async () => {
      await takeAll(HERE);
      let got = false;
      const waiting = pace.wait(HERE).then(() => (got = true));
      await made.pass(5);
      expect(got).toBe(false);
      await made.pass(TOKEN_MS * 1.5);
      await waiting;
    });

    it('is the same for all processes: tokens, refunds and closings', async () => {
      const { other } = made;
      const both = Array.from({ length: 20 }, async (_, i) => (i % 2 === 0 ? pace : other).take(HERE));
      expect((await Promise.all(both)).filter((wait) => wait === 0)).toHaveLength(3);
      pace.refund(HERE);
      await pace.take(THERE); // what was sent before is done
      expect(await other.take(HERE)).toBe(0);
      pace.close(THERE, 5_000);
      await pace.take(HERE);
      expect(await other.take(THERE, true)).toBeGreaterThan(4_000);
      other.closeAll(10_000);
      await other.take(HERE);
      expect(await pace.take('edits')).toBeGreaterThan(9_000);
    });
  });
};
