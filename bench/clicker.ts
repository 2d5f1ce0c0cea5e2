import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../simulator/people/person.js';
import type { Outcome } from '../simulator/sockets/envelope.js';
import type { Simulator } from '../simulator/simulator.js';
import { ACTION_IDS } from '../src/rendering/action-ids.js';
import { Arrivals } from './arrivals.js';

/** Milliseconds since the person clicked (or sent the form); null: not within {@link GIVE_UP_MS}. */
export interface Measured {
  readonly acknowledged: number | null;
  readonly edited: number | null;
  readonly replied: number | null;
  /** Messages that came between the click and its reply and that nobody asked for. */
  readonly before: number;
}

/** What a run of clicks came to. `opened`: Resolve, which shows a form, until it is acknowledged. */
export interface Told {
  readonly measured: readonly Measured[];
  readonly opened: readonly (number | null)[];
  /** Calls that were answered 429. */
  readonly rateLimited: number;
}

type Act = 'ack' | 'unack' | 'resolve';

const NEXT_BUTTON = { ack: ACTION_IDS.unack, unack: ACTION_IDS.ack, resolve: ACTION_IDS.reopen } as const;
const GIVE_UP_MS = 20_000;
/** An acknowledgement is taken back so many clicks later at the earliest. */
const UNACK_AFTER = 10;

/** People who go through a channel: Ack, Ack, Unack, and now and then Resolve with its form, each on another thread. */
export class Clicker {
  private readonly people: readonly Person[];
  private readonly arrivals: Arrivals;
  private readonly acked: string[] = [];
  private readonly opened: (number | null)[] = [];
  private clicks = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly channel: string,
    /** Threads that nobody has touched. */
    private readonly roots: string[],
  ) {
    this.people = ['alice', 'bob', 'jihye', 'marco'].map((name) => simulator.person(name));
    this.arrivals = new Arrivals(simulator.workspace);
  }

  async run(clicks: number, everyMs: number): Promise<Told> {
    const measured: Promise<Measured>[] = [];
    this.opened.length = 0;
    for (let n = 0; n < clicks; n++) {
      // Half of the time either way, so that clicks do not keep step with the pace of the channel.
      const wait = pause(everyMs * (0.5 + ((n * 0.618_034) % 1)));
      measured.push(this.click());
      await wait;
    }
    const done = await Promise.all(measured);
    const rateLimited = this.simulator.calls.filter(({ outcome }) => outcome === 'ratelimited').length;
    return { measured: done, opened: this.opened, rateLimited };
  }

  private async click(): Promise<Measured> {
    const n = this.clicks++;
    const person = this.people[n % this.people.length];
    const act = n % 12 === 11 ? 'resolve' : n % 3 === 2 && this.acked.length > UNACK_AFTER ? 'unack' : 'ack';
    const ts = (act === 'unack' ? this.acked : this.roots).shift();
    if (person === undefined || ts === undefined) throw new Error('no thread to click on');
    if (act === 'ack') this.acked.push(ts);
    const root = { channel: this.channel, ts };
    if (act !== 'resolve') return this.measure(act, ts, person, () => person.clicks(root, ACTION_IDS[act]));
    const before = person.views.length;
    this.opened.push((await timed(person.clicks(root, ACTION_IDS.resolve))).ms);
    const form = await this.simulator.waitFor(() => person.views[before], { what: 'the form' });
    return this.measure(act, ts, person, () =>
      person.submits(form, { action_taken: { action_input: 'failed over' }, root_cause: { root_cause_input: 'disk' } }),
    );
  }

  private async measure(act: Act, ts: string, person: Person, does: () => Promise<Outcome>): Promise<Measured> {
    const clicked = performance.now();
    const edited = this.arrivals.next(
      (change) => change.kind === 'edited' && change.ts === ts && change.text.includes(`"${NEXT_BUTTON[act]}"`),
      GIVE_UP_MS,
    );
    const replied = this.arrivals.next(
      (change) => change.kind === 'posted' && change.thread === ts && change.text.includes(`<@${person.id}>`),
      GIVE_UP_MS,
    );
    const { ms } = await timed(does());
    const [editedAt, repliedAt] = await Promise.all([edited, replied]);
    return {
      acknowledged: ms,
      edited: editedAt === null ? null : editedAt - clicked,
      replied: repliedAt === null ? null : repliedAt - clicked,
      before: this.arrivals.unasked(clicked, repliedAt ?? Infinity),
    };
  }
}

const timed = async (outcome: Promise<Outcome>): Promise<{ ms: number | null }> => {
  const began = performance.now();
  const { acknowledged } = await outcome;
  return { ms: acknowledged ? performance.now() - began : null };
};
