import type { SlackClient } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';

/** Failures that say nothing about this channel: joining is tried again. */
const PASSING = new Set<SlackCallError['kind']>(['rate', 'transient', 'ambiguous']);
const APP_REFUSED = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired']);

/**
 * The bot joins a public channel before its first post there: `chat:write.public` lets it post without being a member,
 * but then it could not read back what it posted.
 */
export class ChannelMembership {
  private readonly settled = new Set<string>();

  constructor(
    private readonly slack: SlackClient,
    /** Told once of a channel that can't be joined; a private one wants an invitation. */
    private readonly refused: (channel: string, code: string) => void,
  ) {}

  /** @throws {SlackCallError} Slack could not be asked now; a refusal throws nothing, since posting may work all the same */
  async ensure(channel: string): Promise<void> {
    if (this.settled.has(channel)) return;
    try {
      await this.slack.join(channel);
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      if (PASSING.has(error.kind) || APP_REFUSED.has(error.code)) throw error;
      this.refused(channel, error.code);
    }
    this.settled.add(channel);
  }
}
