import type { ChannelBacklog } from '../thread-store/thread-store.js';

/** Channels named in the answer: whoever may send alerts may name any channel, and each would be a line for good. */
const MOST_NAMED = 50;
/** The rest of them. No channel's id is written so. */
const OTHER = 'other';

/** How many threads are behind in each channel: the deepest by name, the others in one sum. */
export const depthByChannel = (backlog: readonly ChannelBacklog[]): Readonly<Record<string, number>> => {
  const depths = backlog.map(({ channel, threads }) => [channel, threads] as const);
  if (depths.length <= MOST_NAMED) return Object.fromEntries(depths);
  const deepestFirst = depths.sort(([, a], [, b]) => b - a);
  const rest = deepestFirst.slice(MOST_NAMED).reduce((sum, [, threads]) => sum + threads, 0);
  return Object.fromEntries([...deepestFirst.slice(0, MOST_NAMED), [OTHER, rest]]);
};
