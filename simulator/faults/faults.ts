import type { Call } from '../calls/call.js';
import { isStanding, type CallFault, type Fault, type StandingFault } from './fault.js';

export interface FaultHandle {
  /** How many calls it met so far. */
  readonly hits: number;
  /** Resolves when things are as before: after `refused`, when the port listens again. */
  remove(): Promise<void>;
}

interface Active {
  fault: Fault;
  hits: number;
  timer?: NodeJS.Timeout;
}

/** What the listener has to do for `refused`. */
export interface Door {
  shut(): void;
  open(): Promise<void>;
}

/** The faults that are on. Calls meet them in the order in which they were added, one each. */
export class Faults {
  private active: Active[] = [];

  constructor(private readonly door: Door) {}

  add(fault: Fault): FaultHandle {
    const active: Active = { fault, hits: 0 };
    this.active.push(active);
    if (isStanding(fault)) this.begin(active, fault);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => this.end([active]),
    };
  }

  clear(): Promise<void> {
    return this.end(this.active);
  }

  list(): { fault: Fault; hits: number }[] {
    return this.active.map(({ fault, hits }) => ({ fault, hits }));
  }

  /** The fault that this call meets, counted as met. */
  take(call: Call): CallFault | undefined {
    for (const active of this.active) {
      const { fault } = active;
      if (isStanding(fault) || !applies(fault, call)) continue;
      active.hits += 1;
      if (active.hits >= (fault.times ?? 1)) this.active = this.active.filter((other) => other !== active);
      return fault;
    }
    return undefined;
  }

  isLagging(channel: string, ageMs: number): boolean {
    return this.standing().some(
      (fault) =>
        fault.kind === 'history-lag' &&
        (fault.channel === undefined || fault.channel === channel) &&
        ageMs < fault.seconds * 1000,
    );
  }

  isKickedOut(channel: string): boolean {
    return this.standing().some((fault) => fault.kind === 'not-member' && fault.channel === channel);
  }

  mayJoin(channel: string): boolean {
    return this.standing().every(
      (fault) => fault.kind !== 'not-member' || fault.channel !== channel || fault.mayJoin === true,
    );
  }

  rejoined(channel: string): void {
    this.active = this.active.filter(({ fault }) => fault.kind !== 'not-member' || fault.channel !== channel);
  }

  private begin(active: Active, fault: StandingFault): void {
    if (fault.kind === 'refused') this.door.shut();
    if (fault.forMs === undefined) return;
    active.timer = setTimeout(() => void this.end([active]), fault.forMs);
  }

  private async end(ended: readonly Active[]): Promise<void> {
    for (const { timer } of ended) clearTimeout(timer);
    this.active = this.active.filter((other) => !ended.includes(other));
    if (!this.standing().some((fault) => fault.kind === 'refused')) await this.door.open();
  }

  private standing(): StandingFault[] {
    return this.active.map(({ fault }) => fault).filter(isStanding);
  }
}

function applies(fault: CallFault, call: Call): boolean {
  const { method, channel, match } = fault;
  if (typeof method === 'string' && method !== call.method) return false;
  if (method instanceof RegExp && !method.test(call.method)) return false;
  if (channel !== undefined && channel !== call.channel) return false;
  return match === undefined || match(call);
}
