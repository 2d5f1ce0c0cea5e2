import type { Outage } from './delivery.js';

/** A channel that is unusable for so long has its new threads go to SLACK_CHANNEL. Milliseconds. */
export const MOVE_AFTER_MS = 60_000;
/** So often one piece of work is let through to see whether the channel, or the app, is usable again. Milliseconds. */
export const PROBE_EVERY_MS = 15_000;

/** So long after its last failure a channel that nothing goes to any more is no longer spoken of. Milliseconds. */
const FORGET_MS = 86_400_000;

interface ChannelOutage extends Outage {
  readonly channel: string;
}

/** What Slack refuses as a whole: channels, and the app itself. */
export class Outages {
  private readonly channels = new Map<string, ChannelOutage>();
  private app: Outage | undefined;

  constructor(private readonly defaultChannel: string) {}

  /** @returns whether this is news */
  channelFailed(channel: string, code: string, now: number): boolean {
    this.forget(now);
    const before = this.channels.get(channel);
    this.channels.set(channel, { kind: 'channel', code, channel, at: now, since: before?.since ?? now });
    return before === undefined;
  }

  /** @returns whether this is news */
  appFailed(code: string, now: number): boolean {
    const before = this.app;
    this.app = { kind: 'app', code, at: now, since: before?.since ?? now };
    return before === undefined;
  }

  /** A call went through; a post shows that its channel is usable. @returns whether something had been wrong */
  worked(postedTo?: string): boolean {
    const app = this.app !== undefined;
    this.app = undefined;
    return (postedTo !== undefined && this.channels.delete(postedTo)) || app;
  }

  /** Why a new thread of this channel is to go to SLACK_CHANNEL instead, if it is. One in 15 s still tries the channel. */
  moveReason(channel: string, now: number): string | undefined {
    const outage = this.channels.get(channel);
    if (outage === undefined || channel === this.defaultChannel || this.channels.has(this.defaultChannel)) {
      return undefined;
    }
    const lasts = now - outage.since >= MOVE_AFTER_MS;
    return lasts && now - outage.at < PROBE_EVERY_MS ? outage.code : undefined;
  }

  list(now: number): readonly Outage[] {
    this.forget(now);
    return this.app === undefined ? [...this.channels.values()] : [this.app, ...this.channels.values()];
  }

  /** Without work for a channel nobody tries whether it can be used again. */
  private forget(now: number): void {
    for (const [channel, { at }] of this.channels) {
      if (channel !== this.defaultChannel && now - at >= FORGET_MS) this.channels.delete(channel);
    }
  }
}
