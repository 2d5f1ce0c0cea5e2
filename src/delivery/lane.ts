import { type Step } from '../domain/step.js';
import { PRIORITY } from '../domain/priority.js';

/**
 * A line of work with one limit of Slack's: posts to one channel, edits of the workspace, reads of the workspace. Work
 * that needs nothing of Slack stands in `store`.
 */
export type LaneName = `posts:${string}` | 'edits' | 'reads' | 'store';

/** What has a limit of its own: the lanes, and `reactions.get`, which no record stands in a lane for. */
export type Paced = LaneName | 'reactions';

export const isPosts = (lane: LaneName): boolean => lane.startsWith('posts:');

export const laneOf = (step: Step): LaneName => (step.lane === 'posts' ? `posts:${step.channel}` : step.lane);

/** Threads of one lane that are worked on at once, so that slow answers do not halve the pace. */
export const concurrencyOf = (lane: LaneName): number => (lane === 'store' ? 16 : lane === 'reads' ? 2 : 4);

export const PRIORITIES = Object.keys(PRIORITY).length;
