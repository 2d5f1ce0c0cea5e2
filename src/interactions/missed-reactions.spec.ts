import { incidentId, thread } from '../../test/contract/records.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { InProcessPace } from '../delivery/in-process-pace.js';
import { MAX_SEEN } from '../domain/reactions.js';
import type { SlackClient } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import type { ThreadStore } from '../thread-store/thread-store.js';
import { MissedReactions } from './missed-reactions.js';
import type { Reactions } from './reactions.js';

const THREADS = 60;
const MINUTE = 60_000;

const SEEN_BY_ALL = Array.from({ length: MAX_SEEN }, (_, n) => `eyes U9${n}`);

describe('MissedReactions', () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const pace = new InProcessPace(clock, { postsPerSecond: 1, postBurst: 3 });
  let asked: { ts: string; at: number }[];
  let refuse: SlackCallError | undefined;
  let seen: readonly string[];
  const handled: { readonly userId: string; readonly added: boolean }[] = [];

  const store = {
    list: ({ status }: { status: string }) =>
      Promise.resolve({
        items:
          status === 'firing'
            ? Array.from({ length: THREADS }, (_, n) => ({
                ...thread(incidentId(n), { rootTs: `${n}.1` }),
                reactions: { ts: `${n}.1`, seen },
              }))
            : [],
      }),
  } as unknown as ThreadStore;
  const slack = {
    reactions: (_channel: string, ts: string) => {
      asked.push({ ts, at: clock.now() });
      const error = refuse;
      refuse = undefined;
      return error === undefined ? Promise.resolve(new Map([['eyes', new Set(['U1'])]])) : Promise.reject(error);
    },
  } as unknown as SlackClient;
  const reactions = {
    names: ['eyes'],
    handle: (reaction: (typeof handled)[number]) => {
      handled.push(reaction);
      return Promise.resolve();
    },
  } as unknown as Reactions;
  const replica = (): MissedReactions => new MissedReactions(store, slack, reactions, pace, clock, logger);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    asked = [];
    seen = [];
    handled.length = 0;
    await clock.advance(MINUTE);
  });

  it('asks for every open thread, at a pace that all replicas share', async () => {
    const walks = [replica(), replica(), replica()].map((one) => one.pickUp());
    const began = clock.now();
    await clock.advance(5 * MINUTE, settle);
    await Promise.all(walks);
    expect(asked).toHaveLength(3 * THREADS);
    expect(new Set(asked.map(({ ts }) => ts)).size).toBe(THREADS);
    for (const [n, { at }] of asked.entries()) {
      expect(n + 1).toBeLessThanOrEqual(10 + ((at - began) / MINUTE) * 40 + 0.1);
    }
    expect(handled).toHaveLength(3 * THREADS);
  });

  it('takes what is there for new, unless the record is full and has forgotten some', async () => {
    const pickUp = async (): Promise<void> => {
      handled.length = 0;
      const walk = replica().pickUp();
      await clock.advance(5 * MINUTE, settle);
      await walk;
    };
    const people = ({ added }: { added: boolean }): string[] => [
      ...new Set(handled.filter((one) => one.added === added).map(({ userId }) => userId)),
    ];
    seen = SEEN_BY_ALL.slice(1);
    await pickUp();
    expect(people({ added: true })).toEqual(['U1']);
    seen = SEEN_BY_ALL;
    await pickUp();
    expect(people({ added: true })).toEqual([]);
    expect(people({ added: false })).toHaveLength(MAX_SEEN); // whatever is gone is still noticed
  });

  it('waits as long as Slack says, and asks for the same thread again', async () => {
    refuse = new SlackCallError('reactions.get', 'rate', 'ratelimited', { retryAfterMs: 20_000 });
    const walk = replica().pickUp();
    await clock.advance(3 * MINUTE, settle);
    await walk;
    const [first, again] = asked;
    expect(again?.ts).toBe(first?.ts);
    expect((again?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect(asked).toHaveLength(THREADS + 1);
  });
});
