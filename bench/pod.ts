import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startService, type Child } from './child.js';

/** Heap of the chart's default pod: three quarters of 512 MB. */
const HEAP = '--max-old-space-size=384';
const LOOP_DELAY = ['--import', './bench/loop-delay.mjs'];
/** Of an answer, and of a wait. */
const LIMIT_MS = Number(process.env['BENCH_LIMIT'] ?? 60) * 1_000;

/** A measurement that came to its end, or what came instead: the process died, or there was no answer in time. */
export type Measured<T> = { readonly value: T } | { readonly failure: string };

/** The service under measurement; what its process does instead of an answer is a figure too. */
export class Pod {
  private constructor(readonly child: Child) {}

  /** @param isSmall with as little memory as the chart gives it */
  static async start(file: string, slackUrl: string, settings: Record<string, string>, isSmall: boolean): Promise<Pod> {
    return new Pod(await startService(file, slackUrl, settings, [...LOOP_DELAY, ...(isSmall ? [HEAP] : [])]));
  }

  get death(): string | undefined {
    const { exitCode, signalCode } = this.child.process;
    return exitCode === null && signalCode === null ? undefined : `died (${String(signalCode ?? exitCode)})`;
  }

  /** @returns milliseconds until it was answered 200 */
  async post(body: string): Promise<Measured<number>> {
    const began = performance.now();
    const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    try {
      const answer = await fetch(`${this.child.url}/alert`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      await answer.arrayBuffer();
      return answer.status === 200
        ? { value: performance.now() - began }
        : { failure: `answered ${String(answer.status)} after ${seconds()}` };
    } catch {
      await pause(500); // its end is known a little later
      return { failure: `${this.death ?? 'no answer'} after ${seconds()}` };
    }
  }

  /** The longest delay of its event loop since the last question, in milliseconds. */
  async loopDelay(): Promise<number> {
    const { process: child } = this.child;
    child.send('loop-delay');
    const [{ loopDelayMs }] = (await once(child, 'message')) as [{ loopDelayMs: number }];
    return loopDelayMs;
  }

  /** Resolves once Slack shows everything. @returns false: not in time */
  async idle(): Promise<boolean> {
    const end = performance.now() + LIMIT_MS;
    while (performance.now() < end && this.death === undefined) {
      const { queue } = (await (await fetch(`${this.child.url}/stats`)).json()) as {
        queue: { depth: number; ready: number };
      };
      if (queue.depth === 0 && queue.ready === 0) return true;
      await pause(20);
    }
    return false;
  }

  async kill(): Promise<void> {
    if (this.death === undefined) await this.child.stop('SIGKILL');
  }
}
