import { Injectable } from '@nestjs/common';
import { AppLogger } from '../logging/logger.js';
import { whisper, type Whisper } from '../rendering/whispers.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import type { Who } from './interaction.js';

/** Tells one person something that only they see. */
@Injectable()
export class Whisperer {
  constructor(
    private readonly slack: SlackClient,
    private readonly logger: AppLogger,
  ) {}

  /** @param title the incident's; null where it is unknown. Never rejects. */
  async tell({ userId, responseUrl }: Who, channel: string, what: Whisper, title: string | null): Promise<void> {
    const text = whisper(what, title);
    try {
      await this.slack.whisper({ channel, userId, text, ...(responseUrl === undefined ? {} : { responseUrl }) });
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      this.logger.warn({ channel, userId, kind: what.kind, code: error.code }, 'person could not be told');
    }
  }
}
