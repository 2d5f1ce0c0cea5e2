/** Lets so many in at a time; the others wait in order. */
export class Gate {
  private inside = 0;
  private readonly waiting: { readonly enter: () => void; readonly refuse: (error: unknown) => void }[] = [];

  constructor(private readonly most: number) {}

  /** Resolves when it is one's turn. Rejects with what {@link refuse} says. */
  enter(): Promise<void> {
    if (this.inside < this.most) {
      this.inside += 1;
      return Promise.resolve();
    }
    return new Promise((enter, refuse) => this.waiting.push({ enter, refuse }));
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.inside -= 1;
    else next.enter(); // in its place
  }

  /** Sends away all who wait: what is inside can't be had now. */
  refuse(error: unknown): void {
    for (const { refuse } of this.waiting.splice(0)) refuse(error);
  }
}
