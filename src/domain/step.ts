import type { Priority } from './priority.js';

/** Which limit a step is subject to: Slack's for posts, edits and reads, or none. */
export type Lane = 'posts' | 'edits' | 'reads' | 'store';

export type Operation =
  | { readonly type: 'post-root'; readonly last: number; readonly redo: boolean }
  | {
      readonly type: 'post-reply';
      readonly first: number;
      readonly last: number;
      readonly redo: boolean;
      readonly broadcast: boolean;
    }
  | { readonly type: 'edit-root'; readonly digest: string }
  /** Search Slack for the message of an ambiguous claim. */
  | { readonly type: 'look-up' }
  /** Search once more for what may have come twice, and delete it. */
  | { readonly type: 'look-again'; readonly doubt: string }
  | { readonly type: 'delete-stray'; readonly ts: string }
  /** A claim whose process is gone, or hangs past its lease: its call may have reached Slack. */
  | { readonly type: 'take-over' }
  /** The thread is in its final state: to the history. */
  | { readonly type: 'archive' }
  | { readonly type: 'tick' };

export type PlanReason =
  | 'never-shown'
  | 'over-before-shown'
  | 'thread-lost'
  | 'entries-waiting'
  | 'root-is-behind'
  | 'edit-may-come-late'
  | 'card-unmade'
  | 'fate-unknown'
  | 'not-found-twice'
  | 'channel-unreadable'
  | 'may-be-double'
  | 'un-threaded'
  | 'claim-abandoned'
  | 'final'
  | 'time-passed';

export interface Step {
  /** Empty for a step about the record itself. */
  readonly incidentId: string;
  readonly channel: string;
  readonly lane: Lane;
  readonly priority: Priority;
  readonly operation: Operation;
  readonly reason: PlanReason;
}

/** Whether two operations on a thread are the same work, though the record changed in between. */
export const isSameWork = (a: Operation, b: Operation): boolean => {
  if (a.type === 'delete-stray') return b.type === a.type && a.ts === b.ts;
  if (a.type === 'look-again') return b.type === a.type && a.doubt === b.doubt;
  return a.type === b.type;
};
