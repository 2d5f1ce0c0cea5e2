import type { Config } from '../config/config.js';

/** Whether clicks and reactions in a channel count. */
export const isServed = ({ slackChannel, slackChannels }: Config, channel: string): boolean =>
  slackChannels.length === 0 || channel === slackChannel || slackChannels.includes(channel);
