import type { Paced } from './lane.js';

export interface PaceOptions {
  /** Per channel: SLACK_POSTS_PER_SECOND and SLACK_POST_BURST. */
  readonly postsPerSecond: number;
  readonly postBurst: number;
}

/** A limit of Slack's, as a token bucket. */
export interface Limit {
  /** Unique; the same in every process. */
  readonly name: string;
  /** Calls a second. */
  readonly rate: number;
  readonly burst: number;
  /** Tokens of the burst that are left for what people did. */
  readonly kept: number;
}

/**
 * Of each burst so many are left for what people did: a backlog takes every token as it comes, and a click would wait
 * for the next one, or the one after that. Of a channel's burst it is one, where there are two.
 */
const KEPT_FOR_PEOPLE = { workspacePosts: 2, channelPosts: 1, edits: 5 };

/** Slack allows "several hundred" posts a minute in a workspace, over all channels: 300. */
const WORKSPACE_POSTS: Limit = { name: 'posts', rate: 5, burst: 20, kept: KEPT_FOR_PEOPLE.workspacePosts };
/** Tier 3 is 50 a minute: 40 and a burst of 10 never exceed it in any minute. */
const TIER_3 = { rate: 40 / 60, burst: 10 };
const EDITS: Limit = { name: 'edits', ...TIER_3, kept: KEPT_FOR_PEOPLE.edits };
const READS: Limit = { name: 'reads', ...TIER_3, kept: 0 };
const REACTIONS: Limit = { name: 'reactions', ...TIER_3, kept: 0 };

/** What a lane is subject to; the first is its own, which a 429 closes. */
export const limitsOf = (lane: Paced, { postsPerSecond, postBurst }: PaceOptions): readonly Limit[] => {
  if (lane === 'store') return [];
  if (lane === 'edits') return [EDITS];
  if (lane === 'reads') return [READS];
  if (lane === 'reactions') return [REACTIONS];
  const kept = Math.min(KEPT_FOR_PEOPLE.channelPosts, postBurst - 1);
  return [{ name: lane, rate: postsPerSecond, burst: postBurst, kept }, WORKSPACE_POSTS];
};
