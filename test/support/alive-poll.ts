import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.js';

const EVERY_MS = 20;

/** Asks GET /health/live again and again: an answer is late while the service's event loop is held. */
export class AlivePoll {
  /** The longest answer so far, in milliseconds. */
  worstMs = 0;
  answers = 0;
  private isOver = false;
  private readonly done: Promise<void>;

  constructor(service: ServiceProcess) {
    this.done = this.poll(service);
  }

  /** Rejects where an answer was not 200. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.done;
  }

  private async poll(service: ServiceProcess): Promise<void> {
    while (!this.isOver) {
      const began = performance.now();
      const { status } = await service.get('/health/live');
      if (status !== 200) throw new Error(`GET /health/live answered ${status}`);
      this.worstMs = Math.max(this.worstMs, performance.now() - began);
      this.answers += 1;
      await pause(EVERY_MS);
    }
  }
}
