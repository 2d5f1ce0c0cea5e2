import type { Simulator } from '../../simulator/simulator.js';
import { channelAsText } from '../../simulator/workspace/as-text.js';
import type { AlertGroup } from './alert-group.js';
import { doublesIn, repliesOf, rootsOf, standing } from './operations.js';
import { isResolvedCard } from './problems-shown.js';
import { CHANNEL, titleOf } from './slack-channel.js';

/** What problems came to in a channel, in lines for people. */
export const outcomeLines = (
  simulator: Simulator,
  problems: readonly AlertGroup[],
  lostAnswers: Readonly<Record<string, number>>,
): string[] => {
  const messages = standing(simulator, [CHANNEL]);
  const [roots, replies] = [rootsOf(messages), repliesOf(messages)];
  const answered = (...methods: string[]): number =>
    simulator.calls.filter(({ method, outcome }) => methods.includes(method) && outcome === 'ok').length;
  const lookUps = answered('conversations.history', 'conversations.replies');
  const faults = Object.entries(lostAnswers).map(([kind, hits]) => `${kind} ${hits}`);
  return [
    `${problems.length} problems (${problems.filter(({ isOver }) => isOver).length} over), ${problems.flatMap(({ alerts }) => alerts).length} alerts`,
    `${roots.length} roots, ${replies.length} replies (${replies.filter(isResolvedCard).length} resolved cards)`,
    `${simulator.calls.length} calls: ${answered('chat.postMessage')} posts and ${answered('chat.update')} edits answered, ${lookUps} look-ups, ${answered('chat.delete')} doubles deleted`,
    `Slack: ${faults.join(', ')}`,
  ];
};

/**
 * @param wrong what the channel does not tell the truth about
 * @param isOther titles of roots that are not about these problems
 */
export const expectEachProblemOnce = (
  simulator: Simulator,
  problems: readonly AlertGroup[],
  wrong: readonly string[],
  isOther: (title: string) => boolean = () => false,
): void => {
  const text = channelAsText(simulator.workspace, CHANNEL);
  expect([wrong, text]).toEqual([[], text]);
  const messages = standing(simulator, [CHANNEL]);
  const titles = rootsOf(messages)
    .map(titleOf)
    .filter((title) => !isOther(title));
  expect(titles.filter((title) => !problems.some((problem) => title.endsWith(problem.title)))).toEqual([]);
  expect(titles).toHaveLength(problems.length);
  expect(doublesIn(messages)).toEqual([]);
};
