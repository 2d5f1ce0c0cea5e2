import type { Simulator } from '../../simulator/simulator.js';
import { messageText } from '../../simulator/workspace/as-text.js';
import type { Message } from '../../simulator/workspace/message.js';
import type { AlertGroup } from './alert-group.js';
import { ofRepeated, operationOf } from './operations.js';
import { CHANNEL, titleOf } from './slack-channel.js';

interface Shown {
  readonly root: Message;
  readonly replies: readonly Message[];
}

export const isResolvedCard = (message: Message): boolean => titleOf(message).startsWith('✅ RESOLVED — ');

/** Whether the channel tells the truth about problems that a test made up. */
export class ProblemsShown {
  /** Titles of roots as they were posted. */
  private readonly firstTitles = new Map<string, string>();

  constructor(private readonly simulator: Simulator) {
    simulator.workspace.onChange(({ kind, message }) => {
      if (kind === 'posted' && message && message.thread_ts === undefined)
        this.firstTitles.set(message.ts, titleOf(message));
    });
  }

  /** A line for each problem about which the channel does not tell the truth yet. */
  wrong(problems: readonly AlertGroup[]): string[] {
    return problems.flatMap((problem) => {
      const reason = this.isWrong(problem);
      return reason === undefined ? [] : [`${problem.title} ${reason}`];
    });
  }

  /** The same at length, with every call about those problems. */
  explain(problems: readonly AlertGroup[]): string {
    const bad = problems.filter((problem) => this.isWrong(problem) !== undefined);
    return [...this.wrong(bad), ...bad.flatMap((problem) => this.callsFor(problem))].join('\n');
  }

  threadsOf(problem: AlertGroup): Shown[] {
    const { workspace } = this.simulator;
    return workspace
      .messages(CHANNEL)
      .filter((message) => !message.deleted && titleOf(message).endsWith(` ${problem.title}`))
      .map((root) => ({ root, replies: workspace.replies(CHANNEL, root.ts).filter((one) => !one.deleted) }));
  }

  /** Why the channel does not yet tell the truth about a problem; undefined when it does. */
  private isWrong(problem: AlertGroup): string | undefined {
    const threads = this.threadsOf(problem);
    const [thread] = threads;
    if (thread === undefined) return 'is not shown';
    if (threads.length > 1) return `has ${threads.length} roots`;
    const { root, replies } = thread;
    const firing = problem.firing.length;
    const resolved = problem.alerts.length - firing;
    const text = messageText(root);
    if (titleOf(root).startsWith('✅') !== problem.isOver) return `is shown as ${titleOf(root)}`;
    if (problem.isOver && root.attachments[0]?.color !== '2EB67D') return 'is over and not green';
    const open = `*Alerts:* ${firing} firing${resolved === 0 ? '' : `, ${resolved} resolved`}`;
    const count = problem.isOver ? `All ${resolved} alerts resolved` : open;
    if (problem.alerts.length > 1 && !text.split('\n').includes(count)) return `does not say "${count}"`;
    const named = problem.isOver ? problem.alerts : problem.firing;
    const missing = named.filter(({ instance }) => !text.includes(instance));
    if (missing.length > 0) return `does not name ${missing.map(({ instance }) => instance).join(', ')}`;
    const cards = replies.filter(isResolvedCard).length;
    const wasOverAtFirst = this.firstTitles.get(root.ts)?.startsWith('✅') ?? false;
    if (cards > 1 || (problem.isOver && cards === 0 && !wasOverAtFirst) || (!problem.isOver && cards > 0)) {
      return `has ${cards} resolved cards`;
    }
    const repeated = ofRepeated(replies.map(operationOf));
    if (repeated.length > 0) return `has replies twice: ${repeated.join(', ')}`;
    return undefined;
  }

  /** Every call about a problem's threads, with what Slack did to it: shows which of them came late. */
  private callsFor(problem: AlertGroup): string[] {
    const threads = this.threadsOf(problem).map(({ root }) => root.ts);
    return this.simulator.calls
      .filter(({ ts, args }) => [ts, args['ts'], args['thread_ts']].some((one) => threads.includes(String(one))))
      .map(({ at, method, outcome, fault = '', args }) => {
        return `  ${new Date(at).toISOString()} ${method} ${outcome} ${fault} ${String(args['text']).slice(0, 80)}`;
      });
  }
}
