import type { Clock } from '../clock/clock.js';

interface Entry<T> {
  readonly value: T;
  readonly at: number;
}

/** Answers of a slow source, kept for a while; an old answer is better than none when the source fails. */
export class Cached<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private readonly asked = new Map<string, Promise<T>>();

  /**
   * @param freshMs an answer is used without asking again
   * @param staleMs an answer is used when asking again fails
   */
  constructor(
    private readonly clock: Clock,
    private readonly ask: (id: string) => Promise<T>,
    private readonly freshMs: number,
    private readonly staleMs: number,
  ) {}

  /** Rejects as the source does. */
  async get(id: string): Promise<T> {
    const known = this.entries.get(id);
    const age = known === undefined ? Infinity : this.clock.monotonic() - known.at;
    if (known !== undefined && age < this.freshMs) return known.value;
    try {
      return await this.asking(id);
    } catch (error) {
      if (known !== undefined && age < this.staleMs) return known.value;
      throw error;
    }
  }

  /** One question at a time for each id. */
  private asking(id: string): Promise<T> {
    const running = this.asked.get(id);
    if (running !== undefined) return running;
    const question = this.ask(id)
      .then((value) => {
        this.entries.set(id, { value, at: this.clock.monotonic() });
        return value;
      })
      .finally(() => {
        this.asked.delete(id);
      });
    this.asked.set(id, question);
    return question;
  }
}
