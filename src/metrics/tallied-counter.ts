import { Counter, type Registry } from 'prom-client';

export interface TalliedCounterOptions<T extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly values: readonly T[];
}

/**
 * A counter with one label, whose values are known from the start. To count costs an addition, where `Counter.inc`
 * builds a key of the labels: it is for what happens a hundred times in a webhook.
 */
export class TalliedCounter<T extends string> {
  private readonly counts = new Map<T, number>();

  constructor(registry: Registry, { name, help, label, values }: TalliedCounterOptions<T>) {
    const { counts } = this;
    for (const value of values) counts.set(value, 0);
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of counts) this.inc({ [label]: value }, count);
      },
    });
  }

  add(value: T, by = 1): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + by);
  }
}
