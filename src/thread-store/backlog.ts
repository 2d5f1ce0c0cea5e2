import { behindSince } from '../domain/behind.js';
import type { IncidentThread, ThreadRecord } from '../domain/record.js';
import { DueHeap, type Waiting } from './due-heap.js';
import type { ChannelBacklog } from './thread-store.js';

/** A thread that Slack does not show as it is; it waits since `due`. */
export interface BehindThread extends Waiting {
  readonly channel: string;
}

/** Whose threads they are. */
export interface BacklogOwner {
  behind: readonly BehindThread[];
}

/** Shared by all owners without any. */
export const NOTHING_BEHIND: readonly BehindThread[] = [];

/** Threads whose image in Slack is behind, by channel. To ask costs as much as there are channels. */
export class Backlog {
  private readonly channels = new Map<string, DueHeap<BehindThread>>();

  /** Brings an owner's threads up to date; undefined: it has none any more. */
  set(owner: BacklogOwner, record: ThreadRecord | undefined): void {
    const before = owner.behind;
    const after = behindIn(record);
    if (isSame(before, after)) return;
    for (const thread of before) this.take(thread);
    owner.behind = after;
    for (const thread of after) this.put(thread);
  }

  list(): readonly ChannelBacklog[] {
    return Array.from(this.channels, ([channel, threads]) => ({
      channel,
      threads: threads.size,
      since: threads.first?.due ?? 0,
    }));
  }

  private put(thread: BehindThread): void {
    let heap = this.channels.get(thread.channel);
    if (heap === undefined) this.channels.set(thread.channel, (heap = new DueHeap<BehindThread>()));
    heap.set(thread, thread.due);
  }

  private take(thread: BehindThread): void {
    const heap = this.channels.get(thread.channel);
    heap?.set(thread, null);
    if (heap?.size === 0) this.channels.delete(thread.channel);
  }
}

/** A storm brings ten thousands of records a second here: nothing is made that isn't kept. */
const behindIn = (record: ThreadRecord | undefined): readonly BehindThread[] => {
  if (record === undefined) return NOTHING_BEHIND;
  let found: BehindThread[] | undefined;
  const look = (thread: IncidentThread): void => {
    const since = behindSince(thread);
    if (since !== null) (found ??= []).push({ channel: thread.channel, due: since, turn: 0, place: -1 });
  };
  for (const thread of record.earlier) look(thread);
  if (record.current !== null) look(record.current);
  return found ?? NOTHING_BEHIND;
};

const isSame = (before: readonly BehindThread[], after: readonly BehindThread[]): boolean =>
  before.length === after.length &&
  before.every(({ channel, due }, i) => channel === after[i]?.channel && due === after[i].due);
