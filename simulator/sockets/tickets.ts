import { randomUUID } from 'node:crypto';

/** The addresses that apps.connections.open hands out: each opens one connection, soon. */
export class Tickets {
  private readonly validUntil = new Map<string, number>();

  constructor(
    private readonly lifeMs: number,
    private readonly now: () => number,
  ) {}

  issue(): string {
    for (const [ticket, until] of this.validUntil) if (until < this.now()) this.validUntil.delete(ticket);
    const ticket = randomUUID();
    this.validUntil.set(ticket, this.now() + this.lifeMs);
    return ticket;
  }

  /** False when it is unknown, used or too old. */
  take(ticket: string): boolean {
    const until = this.validUntil.get(ticket);
    this.validUntil.delete(ticket);
    return until !== undefined && until >= this.now();
  }
}
