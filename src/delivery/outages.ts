import type { ErrorKind } from '../domain/record.js';
import type { Outage } from './delivery.js';

/** A channel that is unusable for so long has its new threads go to SLACK_CHANNEL. Milliseconds. */
export const MOVE_AFTER_MS = 60_000;
/** One that is unusable for so long has its open threads go on there too: what stands in it is given up. Milliseconds. */
export const GIVE_UP_AFTER_MS = 3_600_000;
/** So often one piece of work is let through to see whether the channel, or the app, is usable again. Milliseconds. */
export const PROBE_EVERY_MS = 15_000;

/** Calls that Slack does not take, and none that it takes, for so long: it is down, and no longer a hiccup. Milliseconds. */
const DOWN_AFTER_MS = 60_000;
/** Longer than between two tries: nobody has asked since, so that nothing is known of it any more. Milliseconds. */
const DOWN_KNOWN_MS = 2 * 60_000;

/** So long after its last failure a channel that nothing goes to any more is no longer spoken of. Milliseconds. */
const FORGET_MS = 86_400_000;

/** Channels whose outages are known; the one that failed longest ago goes first, and is news when it fails again. */
const MAX_CHANNELS = 1_000;

interface ChannelOutage extends Outage {
  readonly channel: string;
}

/** What Slack refuses as a whole: channels, and the app itself. */
export class Outages {
  private readonly channels = new Map<string, ChannelOutage>();
  private app: Outage | undefined;
  /** Calls that may well go through next time, none of which has. */
  private passing: Outage | undefined;

  constructor(private readonly defaultChannel: string) {}

  /** @returns whether this is news */
  channelFailed(channel: string, code: string, now: number): boolean {
    this.forget(now);
    const before = this.channels.get(channel);
    this.channels.delete(channel); // so that the map is in the order of the latest failures
    this.channels.set(channel, { kind: 'channel', code, channel, at: now, since: before?.since ?? now });
    if (this.channels.size > MAX_CHANNELS) this.forgetOldest();
    return before === undefined;
  }

  /** @returns whether this is news */
  appFailed(code: string, now: number): boolean {
    const before = this.app;
    this.app = { kind: 'app', code, at: now, since: before?.since ?? now };
    return before === undefined;
  }

  /** Slack did not take a call now, or did not answer it. */
  callFailed(kind: ErrorKind, code: string, now: number): void {
    const before = this.passing;
    const since = before === undefined || now - before.at >= DOWN_KNOWN_MS ? now : before.since;
    this.passing = { kind, code, at: now, since };
  }

  /** A call went through; a post shows that its channel is usable. @returns whether something had been wrong */
  worked(postedTo?: string): boolean {
    const app = this.app !== undefined;
    this.app = undefined;
    this.passing = undefined;
    return (postedTo !== undefined && this.channels.delete(postedTo)) || app;
  }

  /**
   * Why a thread of this channel is to go to SLACK_CHANNEL instead, if it is: the channel has been unusable for so long.
   * One in 15 s still tries the channel.
   */
  moveReason(channel: string, now: number, afterMs: number): string | undefined {
    const outage = this.channels.get(channel);
    if (outage === undefined || !this.mayLeave(channel)) return undefined;
    const lasts = now - outage.since >= afterMs;
    return lasts && now - outage.at < PROBE_EVERY_MS ? outage.code : undefined;
  }

  /** Whether SLACK_CHANNEL is another channel, and can be used. */
  mayLeave(channel: string): boolean {
    return channel !== this.defaultChannel && !this.channels.has(this.defaultChannel);
  }

  list(now: number): readonly Outage[] {
    this.forget(now);
    return [this.app, this.down(now), ...this.channels.values()].filter((outage) => outage !== undefined);
  }

  private down(now: number): Outage | undefined {
    const { passing } = this;
    if (passing === undefined || now - passing.at >= DOWN_KNOWN_MS) return undefined;
    return passing.at - passing.since >= DOWN_AFTER_MS ? passing : undefined;
  }

  private forgetOldest(): void {
    for (const channel of this.channels.keys()) {
      if (channel === this.defaultChannel) continue;
      this.channels.delete(channel);
      return;
    }
  }

  /** Without work for a channel nobody tries whether it can be used again. */
  private forget(now: number): void {
    for (const [channel, { at }] of this.channels) {
      if (channel !== this.defaultChannel && now - at >= FORGET_MS) this.channels.delete(channel);
    }
  }
}
