import type { Clock } from '../clock/clock.js';
import type { Lease } from '../domain/lease.js';
import type { PlanContext } from '../domain/plan.js';

/** What plans depend on beside the record: the time, the rules, and who asks. */
export class PlanContexts {
  /** Whether other processes work on the same store. */
  readonly shared: boolean;
  private readonly ours: Lease;
  private readonly anybodys: Lease;

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
