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

/** Wake-ups that go out once a turn, each record once. */
export abstract class TurnWakeUps extends WakeUps {
  private readonly told = new Map<string, Work>();

  override tell(work: Work): void {
    if (this.told.size === 0) {
      setImmediate(() => {
        this.flush();
      });
    }
    this.told.set(work.id, work);
  }

  override flush(): void {
    const works = [...this.told.values()];
    this.told.clear();
    if (works.length > 0) this.send(works);
  }

  protected abstract send(works: readonly Work[]): void;
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
