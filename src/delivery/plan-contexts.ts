import type { Clock } from '../clock/clock.js';
import type { Lease } from '../domain/lease.js';
import type { PlanContext } from '../domain/plan.js';

/** After a fail-over of the store messages are looked for before they are sent, for so long. Milliseconds. */
const LOOK_FIRST_MS = 15_000;

/** What plans depend on beside the record: the time, the rules, and who asks. */
export class PlanContexts {
  /** Whether other processes work on the same store. */
  readonly shared: boolean;
  private readonly ours: Lease;
  private readonly anybodys: Lease;
  /** By the monotonic clock. */
  private lookFirstUntil = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly rules: PlanContext['rules'],
    /** This process. */
    readonly owner: string,
    /** How long what another process holds is that one's, in milliseconds; 0: the store is ours alone. */
    leaseMs: number,
    /** Whether Slack answers again for this record, so that its times of next tries no longer count. */
    private readonly isRecovered: (recordId: string) => boolean,
  ) {
    this.shared = leaseMs > 0;
    this.ours = { owner, ms: leaseMs };
    this.anybodys = { owner: '', ms: leaseMs };
  }

  /** Another server took over, which may lack the last changes: that we claimed, and sent. */
  storeMayHaveForgotten(): void {
    this.lookFirstUntil = this.clock.monotonic() + LOOK_FIRST_MS;
  }

  /** Whether a message that was never sent, by what the store knows, may have been sent all the same. */
  get mayHaveForgotten(): boolean {
    return this.clock.monotonic() < this.lookFirstUntil;
  }

  /** For this process. */
  of(recordId: string): PlanContext {
    const { rules, ours: lease } = this;
    return { now: this.clock.now(), rules, lease, retryNow: this.isRecovered(recordId) };
  }

  /** As anybody sees it: for what is stored. */
  forAll(): PlanContext {
    const { rules, anybodys: lease } = this;
    return { now: this.clock.now(), rules, lease };
  }
}
