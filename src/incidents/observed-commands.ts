import type { IncidentThread } from '../domain/record.js';
import type { Matcher } from '../domain/matcher.js';
import type { CommandObserver, CommandOutcome } from './command-observer.js';
import { isDone } from './command-answer.js';
import {
  IncidentCommands,
  type Command,
  type CommandReason,
  type CommandRequest,
  type CommandResult,
  type MatchCount,
  type ReactionRequest,
  type SilenceFailed,
} from './incident-commands.js';

/** Nothing was asked for, or it was done before. */
const NO_COMMAND = new Set<CommandReason>(['already-applied', 'reaction-seen', 'reaction-noted']);

/** Commands, of which an observer is told. */
export class ObservedCommands extends IncidentCommands {
  constructor(
    private readonly commands: IncidentCommands,
    private readonly observer: CommandObserver,
  ) {
    super();
  }

  override run(request: CommandRequest): Promise<CommandResult> {
    return this.observed(request.command, () => this.commands.run(request));
  }

  override react(request: ReactionRequest): Promise<CommandResult | undefined> {
    const { command } = request;
    const react = (): Promise<CommandResult | undefined> => this.commands.react(request);
    return command === undefined ? react() : this.observed(command, react);
  }

  override find(incidentId: string): Promise<IncidentThread | undefined> {
    return this.commands.find(incidentId);
  }

  override at(channel: string, ts: string): Promise<IncidentThread | undefined> {
    return this.commands.at(channel, ts);
  }

  override matching(thread: IncidentThread, matchers: readonly Matcher[]): Promise<MatchCount | { failure: string }> {
    return this.commands.matching(thread, matchers);
  }

  override silenceServer(thread: IncidentThread): string | undefined {
    return this.commands.silenceServer(thread);
  }

  override matchers(thread: IncidentThread): readonly Matcher[] {
    return this.commands.matchers(thread);
  }

  override onSilenceFailed(listener: SilenceFailed): void {
    this.commands.onSilenceFailed(listener);
  }

  private async observed<T extends CommandResult | undefined>(command: Command, run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      if (result !== undefined && !NO_COMMAND.has(result.reason)) {
        this.observer.ended(command.type, outcomeOf(result));
      }
      return result;
    } catch (error) {
      this.observer.ended(command.type, 'failed');
      throw error;
    }
  }
}

const outcomeOf = ({ reason, refused }: CommandResult): CommandOutcome => {
  if (isDone(reason)) return 'done';
  return reason === 'silence-failed' && refused !== true ? 'failed' : 'refused';
};
