import { coverageOf, type MethodName } from '../web-api/coverage.js';
import { SlidingWindow } from './sliding-window.js';
import { TokenBucket } from './token-bucket.js';

export interface PaceOptions {
  /** chat.postMessage a second and channel. Default 1, Slack's documented figure. */
  postsPerSecond?: number;
  /** Posts that may come at once. Default 3; Slack promises none. */
  postBurst?: number;
  /** 'off' never answers 429. Default 'slack'. */
  pace?: 'slack' | 'off';
}

const MINUTE = 60_000;

/** "Several hundred messages a minute" for a whole workspace: https://docs.slack.dev/apis/web-api/rate-limits */
const WORKSPACE_POSTS = 300;

/** Decides which call is answered 429. */
export class Pace {
  private readonly channels = new Map<string, TokenBucket>();
  private readonly methods = new Map<MethodName, SlidingWindow>();
  private readonly workspacePosts: SlidingWindow;
  private readonly perSecond: number;
  private readonly burst: number;
  private readonly isOff: boolean;

  constructor(
    options: PaceOptions,
    private readonly now: () => number,
  ) {
    this.perSecond = options.postsPerSecond ?? 1;
    this.burst = options.postBurst ?? 3;
    this.isOff = options.pace === 'off';
    // A faster channel should not meet the workspace's cap instead.
    const cap = Math.max(WORKSPACE_POSTS, this.perSecond * 60 + this.burst);
    this.workspacePosts = new SlidingWindow(cap, MINUTE, now);
  }

  /** Undefined when the call may pass, else the seconds for Retry-After. */
  take(method: MethodName, channel: string): number | undefined {
    if (this.isOff) return undefined;
    const { pace } = coverageOf(method);
    const wait = pace === 'channel' ? this.takePost(channel) : takeFrom(this.window(method, pace));
    return wait > 0 ? Math.ceil(wait / 1000) : undefined;
  }

  private takePost(channel: string): number {
    const wait = this.workspacePosts.wait();
    if (wait > 0) return wait;
    let bucket = this.channels.get(channel);
    if (!bucket) this.channels.set(channel, (bucket = new TokenBucket(this.perSecond, this.burst, this.now)));
    const channelWait = bucket.take();
    if (channelWait === 0) this.workspacePosts.take();
    return channelWait;
  }

  private window(method: MethodName, perMinute: number): SlidingWindow {
    let window = this.methods.get(method);
    if (!window) this.methods.set(method, (window = new SlidingWindow(perMinute, MINUTE, this.now)));
    return window;
  }
}

function takeFrom(window: SlidingWindow): number {
  const wait = window.wait();
  if (wait === 0) window.take();
  return wait;
}
