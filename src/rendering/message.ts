import type { KnownBlock, MessageAttachment } from '@slack/types';

/** What chat.postMessage and chat.update are given; every limit of Slack's holds for it. */
export interface SlackMessage {
  /** For notifications and clients without blocks. */
  readonly text: string;
  readonly blocks?: KnownBlock[];
  readonly attachments?: MessageAttachment[];
}

export interface RootActions {
  readonly incidentId: string;
  /** There is a server where its alerts can be silenced. */
  readonly silence: boolean;
}

export interface RenderOptions {
  /** Slack refused the full card: text only, no blocks, short. */
  readonly plain?: boolean;
  /** Say that this may be there twice ("possible duplicate"). */
  readonly maybeDuplicate?: boolean;
  /** Buttons on the root; absent where nobody would hear a click. */
  readonly actions?: RootActions;
}

/** `event_type` of our messages' metadata, by which they are found again. Every app of the workspace can read it: ids only. */
export const METADATA_EVENT = 'alert_threader';
