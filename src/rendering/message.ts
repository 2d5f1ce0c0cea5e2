import type { KnownBlock, MessageAttachment } from '@slack/types';

/** What chat.postMessage and chat.update are given; every limit of Slack's holds for it. */
export interface SlackMessage {
  /** For notifications and clients without blocks. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
  readonly attachments?: MessageAttachment[];
}

export interface RenderOptions {
  /** Slack refused the full card: text only, no blocks, short. */
  readonly plain?: boolean;
  /** Say that this may be there twice ("possible duplicate"). */
  readonly maybeDuplicate?: boolean;
}
