import { METADATA_EVENT } from '../rendering/message.js';
import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import { plainNotice } from '../rendering/notice.js';
import type { SlackClient } from '../slack/slack-client.js';
import { OperatorNotice } from './operator-notice.js';
import type { Pace } from './pace.js';

const EVERY_MS = 3_600_000;

/** Notices as messages in SLACK_CHANNEL, within its pace. */
export class SlackOperatorNotice extends OperatorNotice {
  private readonly saidAt = new Map<string, number>();

  constructor(
    private readonly slack: SlackClient,
    private readonly pace: Pace,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
    private readonly channel: string,
  ) {
    super();
  }

  override async say(text: string): Promise<void> {
    const now = this.clock.now();
    if (now - (this.saidAt.get(text) ?? -Infinity) < EVERY_MS) return;
    this.saidAt.set(text, now);
    try {
      await this.pace.wait(`posts:${this.channel}`);
      await this.slack.post(this.channel, {
        ...plainNotice(text),
        metadata: { event_type: METADATA_EVENT, event_payload: { message: 'notice' } },
      });
    } catch (error) {
      this.logger.warn({ err: error, channel: this.channel }, 'operator notice could not be posted');
    }
  }
}
