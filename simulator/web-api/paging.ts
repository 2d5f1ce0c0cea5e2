import type { JsonObject } from '../json.js';
import type { Message } from '../workspace/message.js';
import { parseTs, tsMillis } from '../workspace/timestamps.js';
import { SlackError } from './answer.js';
import type { MethodArguments } from './method-arguments.js';
import type { MethodContext } from './method.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 999;

export interface Page {
  messages: Message[];
  hasMore: boolean;
  /** Fields of the answer that lead to the next page. */
  next: JsonObject;
}

/** The messages that history and replies may show now, within oldest and latest. */
export function withinRange({ args, faults, workspace }: MethodContext, messages: readonly Message[]): Message[] {
  const oldest = bound(args, 'oldest');
  const latest = bound(args, 'latest');
  const inclusive = args.flag('inclusive');
  return messages.filter((message) => {
    const ts = parseTs(message.ts) ?? 0;
    if (oldest !== undefined && (inclusive ? ts < oldest : ts <= oldest)) return false;
    if (latest !== undefined && (inclusive ? ts > latest : ts >= latest)) return false;
    return !faults.isLagging(message.channel, workspace.now() - tsMillis(message.ts));
  });
}

/** Cuts one page out of messages in the order in which they are paged. The cursor names the page's first message. */
export function pageOf(args: MethodArguments, ordered: readonly Message[], newestFirst: boolean): Page {
  const limit = args.limit('limit', DEFAULT_LIMIT, MAX_LIMIT);
  const cursor = args.text('cursor');
  const from = cursor === undefined ? undefined : decodeCursor(cursor);
  const rest = ordered.filter((message) => {
    if (from === undefined) return true;
    const ts = parseTs(message.ts) ?? 0;
    return newestFirst ? ts <= from : ts >= from;
  });
  const following = rest[limit];
  return {
    messages: rest.slice(0, limit),
    hasMore: following !== undefined,
    next: following ? { response_metadata: { next_cursor: encodeCursor(following.ts) } } : {},
  };
}

function bound(args: MethodArguments, name: 'oldest' | 'latest'): number | undefined {
  const value = args.text(name);
  if (value === undefined) return undefined;
  const ts = parseTs(value);
  if (ts === undefined) throw new SlackError(`invalid_ts_${name}`);
  return ts;
}

/** Slack's own form: `next_ts:` and microseconds, in base64. */
function encodeCursor(ts: string): string {
  return Buffer.from(`next_ts:${parseTs(ts) ?? 0}`).toString('base64');
}

function decodeCursor(cursor: string): number {
  const match = /^next_ts:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (!match) throw new SlackError('invalid_cursor');
  return Number(match[1]);
}
