import type { Clock } from '../clock/clock.js';
import type { Priority } from '../domain/plan.js';
import { DeliveryQueue, type QueueDepth, type Work, type WorkHandler } from './delivery-queue.js';
import { concurrencyOf, PRIORITIES, type LaneName } from './lane.js';
import type { Pace } from './pace.js';
import { ReadyQueue } from './ready-queue.js';

interface LaneState {
  readonly name: LaneName;
  readonly ready: ReadyQueue<Work>;
  running: number;
  /** Waits for the pace; `urgent`: for as long as something that a person did has to. */
  timer: { readonly cancel: () => void; readonly urgent: boolean } | undefined;
}

/** The queue of one process: lanes, each with its own order and pace. */
export class InProcessQueue extends DeliveryQueue {
  private readonly lanes = new Map<LaneName, LaneState>();
  private handler: WorkHandler | undefined;
  private idle: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
  ) {
    super();
  }

  override schedule(work: Work, laneName: LaneName, priority: Priority): void {
    const lane = this.lane(laneName);
    lane.ready.put(work.id, work, priority, this.clock.monotonic());
    this.pump(lane);
  }

  override has(work: Work): boolean {
    for (const { ready } of this.lanes.values()) if (ready.has(work.id)) return true;
    return false;
  }

  override drain(laneName: LaneName): readonly Work[] {
    const lane = this.lane(laneName);
    const works = lane.ready.values();
    for (const { id } of works) lane.ready.remove(id);
    return works;
  }

  override depth(): QueueDepth {
    const threads = new Set<string>();
    const byLane: Partial<Record<LaneName, number>> = {};
    let oldest = this.clock.monotonic();
    const now = oldest;
    for (const { name, ready } of this.lanes.values()) {
      if (name === 'store' || ready.size === 0) continue;
      byLane[name] = ready.size;
      for (const id of ready.ids()) threads.add(id);
      oldest = Math.min(oldest, ready.oldestSince() ?? now);
    }
    return { threads: threads.size, byLane, oldestWaitingMs: now - oldest };
  }

  override start(handler: WorkHandler): void {
    this.handler = handler;
    for (const lane of this.lanes.values()) this.pump(lane);
  }

  override async stop(): Promise<void> {
    this.handler = undefined;
    for (const lane of this.lanes.values()) lane.timer?.cancel();
    if (this.running() === 0) return;
    await new Promise<void>((resolve) => {
      this.idle = resolve;
    });
  }

  private running(): number {
    let running = 0;
    for (const lane of this.lanes.values()) running += lane.running;
    return running;
  }

  private lane(name: LaneName): LaneState {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = { name, ready: new ReadyQueue(PRIORITIES), running: 0, timer: undefined };
      this.lanes.set(name, lane);
    }
    return lane;
  }

  private pump(lane: LaneState): void {
    const handler = this.handler;
    if (handler === undefined || this.isWaiting(lane)) return;
    while (lane.running < concurrencyOf(lane.name) && lane.ready.size > 0) {
      const openIn = this.pace.delay(lane.name);
      const urgent = openIn > 0 && lane.ready.hasUrgent;
      const delay = urgent ? this.pace.delay(lane.name, true) : openIn;
      if (delay > 0) {
        this.wait(lane, delay, urgent);
        return;
      }
      const work = urgent ? lane.ready.nextUrgent() : lane.ready.next();
      if (work === undefined) return;
      this.pace.take(lane.name);
      lane.running += 1;
      void this.hand(work, lane, handler, urgent);
    }
  }

  private wait(lane: LaneState, delay: number, urgent: boolean): void {
    const cancel = this.clock.after(Math.ceil(delay), () => {
      lane.timer = undefined;
      this.pump(lane);
    });
    lane.timer = { cancel, urgent };
  }

  /** Whether a timer will go on with the lane. What a person did does not wait for a timer of the others. */
  private isWaiting(lane: LaneState): boolean {
    if (lane.timer === undefined) return false;
    if (lane.timer.urgent || !lane.ready.hasUrgent) return true;
    lane.timer.cancel();
    lane.timer = undefined;
    return false;
  }

  private async hand(work: Work, lane: LaneState, handler: WorkHandler, urgent: boolean): Promise<void> {
    const called = await handler(work, lane.name);
    if (!called) {
      this.pace.refund(lane.name);
      if (urgent) lane.ready.undoUrgent();
    }
    lane.running -= 1;
    this.pump(lane);
    if (this.handler === undefined && this.running() === 0) this.idle?.();
  }
}
