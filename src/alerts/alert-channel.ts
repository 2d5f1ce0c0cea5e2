import { isAllowedChannel } from '../config/allowed-channels.js';
import { CHANNEL_ID } from '../config/channel-id.js';
import type { Config } from '../config/config.js';
import { describe } from './refusal.js';

export interface AlertChannel {
  readonly channel: string;
  /** Why the alert goes to SLACK_CHANNEL though another was asked for. */
  readonly note?: string;
}

/** Decides an alert's channel: its label `slack_channel`, else `?channel=`, else SLACK_CHANNEL. */
export const channelRule = (
  config: Pick<Config, 'slackChannel' | 'slackChannels'>,
): ((label: string | undefined, query: unknown) => AlertChannel) => {
  const fallback: AlertChannel = { channel: config.slackChannel };
  return (label, query) => {
    const asked = label ?? query;
    if (asked === undefined || asked === '' || asked === config.slackChannel) return fallback;
    const from = label === undefined ? '?channel=' : 'slack_channel';
    if (typeof asked !== 'string' || !CHANNEL_ID.test(asked)) {
      return { ...fallback, note: `${from} ${describe(asked)} is no channel id: sent to ${config.slackChannel}` };
    }
    if (!isAllowedChannel(config, asked)) {
      return {
        ...fallback,
        note: `${from} ${describe(asked)} is not in SLACK_CHANNELS: sent to ${config.slackChannel}`,
      };
    }
    return { channel: asked };
  };
};
