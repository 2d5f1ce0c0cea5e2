import type { Call } from '../calls/call.js';
import type { Envelope } from '../sockets/envelope.js';
import type { CloseManners } from '../sockets/server-socket.js';
import {
  isStanding,
  meetsCalls,
  meetsConnections,
  meetsEnvelopes,
  type CallFault,
  type ConnectionFault,
  type EnvelopeFault,
  type Fault,
  type StandingFault,
} from './fault.js';

export interface FaultHandle {
  /** How many calls, connections or envelopes it met so far. */
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
    return this.meet((fault) => meetsCalls(fault) && applies(fault, call) && fault);
  }

  /** The fault that a WebSocket meets which is being opened, counted as met. */
  takeForConnection(): ConnectionFault | undefined {
    return this.meet((fault) => meetsConnections(fault) && fault);
  }

  /** What becomes of this envelope on its way; the fault counts as met. */
  spoiltDelivery(envelope: Envelope): { copies: number; newIds: boolean; delayMs: number } {
    const fault = this.meet((other) => meetsEnvelopes(other) && appliesTo(other, envelope) && other);
    return {
      copies: fault?.kind === 'duplicate' ? (fault.copies ?? 1) : 0,
      newIds: fault?.kind === 'duplicate' && fault.newIds === true,
      delayMs: fault?.kind === 'slow-delivery' ? fault.delayMs : 0,
    };
  }

  isSilent(): boolean {
    return this.standing().some((fault) => fault.kind === 'silent');
  }

  closeManners(): CloseManners {
    const fault = this.standing().find((other) => other.kind === 'keeps-tcp');
    return fault ? (fault.closeFrame ?? 'answered') : 'proper';
  }

  ghosts(): { count: number; swallow: boolean } {
    const fault = this.standing().find((other) => other.kind === 'ghosts');
    return { count: fault?.count ?? 0, swallow: fault?.swallow ?? false };
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

  private meet<T extends Fault>(pick: (fault: Fault) => T | false): T | undefined {
    for (const active of this.active) {
      const picked = pick(active.fault);
      if (!picked || isStanding(picked)) continue;
      active.hits += 1;
      if (active.hits >= (picked.times ?? 1)) this.active = this.active.filter((other) => other !== active);
      return picked;
    }
    return undefined;
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

function appliesTo({ type, match }: EnvelopeFault, envelope: Envelope): boolean {
  return (type === undefined || type === envelope.type) && (match === undefined || match(envelope));
}
