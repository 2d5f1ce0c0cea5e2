import type { Work } from './delivery-queue.js';

/** What the processes of one store tell each other: which records changed. A word may be lost; the sweep makes up for it. */
export abstract class WakeUps {
  /** The record changed here. Costs next to nothing; what is told in one turn goes out together. */
  abstract tell(work: Work): void;

  /** Hears what changed elsewhere. */
  abstract hear(listener: (works: readonly Work[]) => void): Promise<void>;

  /** Sends what was told and has not gone out yet. */
  abstract flush(): void;
}

/** Nobody else is there. */
export class NoWakeUps extends WakeUps {
  override tell(): void {
    // nobody to tell
  }

  override hear(): Promise<void> {
    return Promise.resolve();
  }

  override flush(): void {
    // nothing was told
  }
}
