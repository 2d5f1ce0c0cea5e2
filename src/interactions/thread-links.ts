import { Injectable } from '@nestjs/common';
import type { IncidentThread } from '../domain/record.js';
import { threadUrl } from '../rendering/thread-url.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import { SlackClient } from '../slack/slack-client.js';

/** Addresses of threads in Slack. */
@Injectable()
export class ThreadLinks {
  constructor(private readonly slack: SlackClient) {}

  /** Null where it has no message yet, or Slack does not say where the workspace is. Never rejects. */
  async to({ channel, delivery }: IncidentThread): Promise<string | null> {
    return threadUrl(await this.workspaceUrl(), channel, delivery.rootTs);
  }

  private async workspaceUrl(): Promise<string | undefined> {
    try {
      return (await this.slack.identity()).workspaceUrl;
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      return undefined; // words without a link are better than none
    }
  }
}
