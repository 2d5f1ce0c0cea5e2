import { CHANNEL_ID } from '../config/channel-id.js';

/** Longer ones Slack doesn't make. */
const MAX_LENGTH = 20;
const OTHER = 'other';

/**
 * Which channels are named in figures: the configured ones, and the first others in which something waited, up to a
 * limit. Whoever may send webhooks may name any channel.
 */
export class ChannelNames {
  private readonly known = new Set<string>();

  constructor(
    configured: readonly string[],
    private readonly limit = 50,
  ) {
    for (const channel of configured) this.of(channel);
  }

  /** The channel, or `other`. */
  of(channel: string): string {
    if (this.known.has(channel)) return channel;
    if (this.known.size >= this.limit || channel.length > MAX_LENGTH || !CHANNEL_ID.test(channel)) return OTHER;
    this.known.add(channel);
    return channel;
  }

  /** Those that were named so far. */
  all(): Iterable<string> {
    return this.known;
  }
}
