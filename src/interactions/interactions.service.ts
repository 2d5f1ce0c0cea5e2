import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { IncidentCommands } from '../incidents/incident-commands.js';
import { AppLogger } from '../logging/logger.js';
import type { Whisper } from '../rendering/whispers.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import { SlackSocket, type Envelope, type EnvelopeAnswer } from '../slack/slack-socket.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { AppHome } from './app-home.js';
import { Clicks } from './clicks.js';
import { EnvelopeMemory } from './envelope-memory.js';
import { Forms } from './forms.js';
import type { Interaction } from './interaction.js';
import { MissedReactions } from './missed-reactions.js';
import { parseEnvelope } from './parse-envelope.js';
import { Reactions } from './reactions.js';
import { SilenceForms } from './silence-forms.js';
import { titleOf } from './title.js';
import { Whisperer } from './whisperer.js';

/** Turns what comes over the socket into commands. One person's failure is that person's alone. */
@Injectable()
export class InteractionsService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly memory: EnvelopeMemory;

  constructor(
    private readonly socket: SlackSocket,
    private readonly clicks: Clicks,
    private readonly forms: Forms,
    private readonly silenceForms: SilenceForms,
    private readonly reactions: Reactions,
    private readonly missed: MissedReactions,
    private readonly home: AppHome,
    private readonly commands: IncidentCommands,
    private readonly whisperer: Whisperer,
    private readonly config: Config,
    private readonly logger: AppLogger,
    clock: Clock,
  ) {
    this.memory = new EnvelopeMemory(clock);
  }

  onModuleInit(): void {
    this.socket.onEnvelope((envelope) => this.handle(envelope));
    this.socket.onGap(() => void this.missed.pickUp());
    this.commands.onSilenceFailed((thread, { kind, id }, reason) => {
      if (kind !== 'slack') return;
      void this.whisperer.tell({ userId: id }, thread.channel, { kind: 'silence-failed', reason }, titleOf(thread));
    });
  }

  beforeApplicationShutdown(): void {
    this.missed.stop();
  }

  private handle(envelope: Envelope): Promise<EnvelopeAnswer> {
    const { ids, interaction } = parseEnvelope(envelope);
    return this.memory.once(ids, async () => {
      try {
        return await this.dispatch(interaction, ids, envelope);
      } catch (error) {
        await this.failed(interaction, envelope, error);
        return undefined;
      }
    });
  }

  private async dispatch(
    interaction: Interaction,
    ids: readonly string[],
    envelope: Envelope,
  ): Promise<EnvelopeAnswer> {
    switch (interaction.kind) {
      case 'click':
        await this.clicks.handle(interaction, ids, envelope);
        return undefined;
      case 'resolve-form':
      case 'silence-form':
        return this.forms.handle(interaction, ids, envelope);
      case 'count':
        await this.silenceForms.count(interaction);
        return undefined;
      case 'reaction':
        await this.reactions.handle(interaction, ids);
        return undefined;
      case 'home':
        await this.home.show(interaction.userId);
        return undefined;
      case 'cut-off':
        this.logger.error({ event: interaction.event }, 'Slack has cut this app off: install it again');
        return undefined;
      case 'none':
        this.logger.debug({ envelopeId: envelope.id, type: envelope.type, reason: interaction.reason }, 'not for us');
        return undefined;
    }
  }

  /** To the log as an error, to the person as a word. */
  private async failed(interaction: Interaction, envelope: Envelope, error: unknown): Promise<void> {
    const { kind } = interaction;
    this.logger.error({ envelopeId: envelope.id, kind, err: error }, 'interaction failed');
    if (!('userId' in interaction) || interaction.kind === 'home') return;
    const channel = 'channel' in interaction ? interaction.channel : this.config.slackChannel;
    await this.whisperer.tell(interaction, channel, failure(error, incidentOf(interaction)), null);
  }
}

const failure = (error: unknown, incidentId: string): Whisper => {
  if (error instanceof StoreUnavailableError) return { kind: 'store-failed' };
  const expired = error instanceof SlackCallError && error.code === 'expired_trigger_id';
  return expired ? { kind: 'form-too-late' } : { kind: 'failed', incidentId };
};

const incidentOf = (interaction: Interaction): string => {
  if (interaction.kind === 'click') return interaction.value.incidentId;
  return 'incidentId' in interaction ? (interaction.incidentId ?? '') : '';
};
