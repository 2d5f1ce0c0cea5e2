import { Injectable } from '@nestjs/common';
import { isAllowedChannel } from '../config/allowed-channels.js';
import { Config } from '../config/config.js';
import { IncidentCommands, type Command } from '../incidents/incident-commands.js';
import { SlackClient } from '../slack/slack-client.js';
import { Answers } from './answers.js';
import type { Reaction } from './interaction.js';
import { Members } from './members.js';
import { titleOf } from './title.js';
import { Whisperer } from './whisperer.js';

const SILENCE_MS = 30 * 60_000;

/** What emoji on a thread's first message do. */
@Injectable()
export class Reactions {
  constructor(
    private readonly commands: IncidentCommands,
    private readonly members: Members,
    private readonly slack: SlackClient,
    private readonly answers: Answers,
    private readonly whisperer: Whisperer,
    private readonly config: Config,
  ) {}

  /** Emoji that stand for something. */
  get names(): readonly string[] {
    const { reactionAck, reactionResolve, reactionSilence } = this.config;
    return [reactionAck, reactionSilence, reactionResolve];
  }

  async handle(reaction: Reaction, ids: readonly string[]): Promise<void> {
    const { userId, name, channel, ts, added } = reaction;
    if (!this.names.includes(name)) return;
    const thread = await this.commands.at(channel, ts);
    if (thread === undefined || (await this.isOwn(userId))) return;
    const title = titleOf(thread);
    const served = isAllowedChannel(this.config, channel);
    const refusal = served ? await this.members.refusal(userId) : undefined;
    // Not to be judged now is no reason to forget it: it is looked at again after the next gap.
    if (refusal === 'could-not-check') {
      return this.whisperer.tell(reaction, channel, { kind: 'not-allowed', reason: refusal }, title);
    }
    const command = served && refusal === undefined ? this.command(name, added) : undefined;
    const by = { actor: { kind: 'slack', id: userId }, name: await this.nameFor(command, userId) } as const;
    const result = await this.commands.react({
      channel,
      ts,
      name,
      userId,
      added,
      by,
      ids,
      ...(command === undefined ? {} : { command }),
    });
    if (result === undefined || result.reason === 'reaction-seen') return;
    if (!added) return;
    if (!served) return this.whisperer.tell(reaction, channel, { kind: 'channel-not-served' }, title);
    if (refusal !== undefined) {
      return this.whisperer.tell(reaction, channel, { kind: 'not-allowed', reason: refusal }, title);
    }
    const answer = await this.answers.to(result);
    if (answer !== undefined && answer.kind !== 'already-acknowledged') {
      await this.whisperer.tell(reaction, channel, answer, title);
    }
  }

  private command(name: string, added: boolean): Command | undefined {
    const { reactionAck, reactionResolve, reactionSilence } = this.config;
    if (!added) return name === reactionAck ? { type: 'unacknowledge' } : undefined;
    if (name === reactionAck) return { type: 'acknowledge', via: 'reaction' };
    if (name === reactionResolve) return { type: 'resolve' };
    return name === reactionSilence ? { type: 'silence', durationMs: SILENCE_MS } : undefined;
  }

  private async nameFor(command: Command | undefined, userId: string): Promise<string> {
    return command?.type === 'silence' ? this.members.name(userId) : '';
  }

  private async isOwn(userId: string): Promise<boolean> {
    return this.slack.identity().then(
      (us) => us.userId === userId,
      () => false,
    );
  }
}
