import type { Config } from './config.js';

/** Whether alerts may go to a channel and clicks in it count: SLACK_CHANNEL always; any other, or those of SLACK_CHANNELS. */
export const isAllowedChannel = (
  { slackChannel, slackChannels }: Pick<Config, 'slackChannel' | 'slackChannels'>,
  channel: string,
): boolean => slackChannels.length === 0 || channel === slackChannel || slackChannels.includes(channel);
