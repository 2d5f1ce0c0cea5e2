import { setTimeout as pause } from 'node:timers/promises';

/** Where the service listens at the moment; undefined while it does not. */
export type Where = () => string | undefined;

export interface RetryRules {
  /** Between the first try and the second, in milliseconds; half of it to one and a half times as much. */
  readonly firstWaitMs: number;
  /** Each wait is so many times the one before. */
  readonly factor: number;
  readonly giveUpAfterMs: number;
}

/**
 * Alertmanager's waits are those (notify/retry_stage.go). It gives up after a group_interval, by default 5 min; the
 * shortest that makes sense is less than half a minute.
 */
const LIKE_ALERTMANAGER: RetryRules = { firstWaitMs: 500, factor: 1.5, giveUpAfterMs: 30_000 };
/** For tests that leave the service no time. */
export const PATIENT: RetryRules = { firstWaitMs: 60, factor: 1, giveUpAfterMs: Infinity };

const ANSWER_WITHIN_MS = 5_000;

export interface SentCounts {
  readonly webhooks: number;
  readonly retries: number;
  /** The longest that one took until it was answered 200, with its retries. Milliseconds. */
  readonly slowestMs: number;
  /** What a sender notices: refused for good, or not taken in time. */
  readonly failed: readonly string[];
}

/**
 * Posts as an Alertmanager does through a load balancer: what is answered 5xx, or not at all, is sent again after a
 * back-off, to whichever replica is next.
 */
export class WebhookSender {
  private webhooks = 0;
  private retries = 0;
  private slowestMs = 0;
  private readonly failed: string[] = [];

  constructor(
    private readonly where: Where,
    private readonly rules: RetryRules = LIKE_ALERTMANAGER,
  ) {}

  get counts(): SentCounts {
    const { webhooks, retries, slowestMs, failed } = this;
    return { webhooks, retries, slowestMs: Math.round(slowestMs), failed };
  }

  /** Resolves when it was taken, or given up. */
  async send(webhook: object): Promise<void> {
    const body = JSON.stringify(webhook);
    this.webhooks += 1;
    const began = performance.now();
    const { firstWaitMs, factor, giveUpAfterMs } = this.rules;
    for (let wait = firstWaitMs; ; wait *= factor) {
      const status = await this.tryOnce(body);
      if (status === 200) break;
      if (status !== undefined && status < 500) {
        this.failed.push(`answered ${status}: ${body}`);
        return;
      }
      if (performance.now() - began > giveUpAfterMs) {
        this.failed.push(`not taken within ${giveUpAfterMs} ms: ${body}`);
        return;
      }
      this.retries += 1;
      await pause(wait * (0.5 + Math.random()));
    }
    this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
  }

  /** @returns the status; undefined: no answer */
  private async tryOnce(body: string): Promise<number | undefined> {
    const url = this.where();
    if (url === undefined) return undefined;
    try {
      const answer = await fetch(`${url}/alert`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined; // nobody listens, or it was killed
    }
  }
}
