import type { Clock } from '../clock/clock.js';
import type { Priority } from '../domain/priority.js';
import { DeliveryQueue, type Work, type WorkHandler } from './delivery-queue.js';
import { concurrencyOf, PRIORITIES, type LaneName } from './lane.js';
import type { Pace } from './pace.js';
import { ReadyQueue } from './ready-queue.js';

interface LaneState {
  readonly name: LaneName;
  readonly ready: ReadyQueue<Work>;
  running: number;
  /** The pace was asked for a token, and has not answered yet. */
  asking: boolean;
  /** Waits for the pace; `urgent`: for as long as something that a person did has to. */
  timer: { readonly cancel: () => void; readonly urgent: boolean } | undefined;
}

/** The pace can't be asked: its store is away. Asked again so much later. Milliseconds. */
const ASK_AGAIN_MS = 500;

/** The queue of one process: lanes, each with its own order and pace. */
export class InProcessQueue extends DeliveryQueue {
  private readonly lanes = new Map<LaneName, LaneState>();
  /** The lanes that each record stands in, by its id. */
  private readonly places = new Map<string, Set<LaneState>>();
  private handler: WorkHandler | undefined;
  private idle: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
  ) {
    super();
  }

  override schedule(work: Work, laneName: LaneName, priority: Priority, flow?: string): void {
    const lane = this.lane(laneName);
    lane.ready.put(work.id, work, priority, this.clock.monotonic(), flow);
    const places = this.places.get(work.id);
    if (places === undefined) this.places.set(work.id, new Set([lane]));
    else places.add(lane);
    this.pump(lane);
  }

  override has(work: Work): boolean {
    return this.places.has(work.id);
  }

  override keepOnly(work: Work, lanes: ReadonlySet<LaneName>): void {
    for (const lane of this.places.get(work.id) ?? []) {
      if (lanes.has(lane.name)) continue;
      lane.ready.remove(work.id);
      this.left(lane, work);
    }
  }

  override works(): readonly Work[] {
    const works = new Map<string, Work>();
    for (const { ready } of this.lanes.values()) for (const work of ready.values()) works.set(work.id, work);
    return [...works.values()];
  }

  override drain(laneName: LaneName): readonly Work[] {
    const lane = this.lane(laneName);
    const works = lane.ready.values();
    for (const work of works) {
      lane.ready.remove(work.id);
      this.left(lane, work);
    }
    return works;
  }

  override depth(): number {
    return this.places.size;
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

  private left(lane: LaneState, { id }: Work): void {
    const places = this.places.get(id);
    places?.delete(lane);
    if (places?.size === 0) this.places.delete(id);
  }

  private running(): number {
    let running = 0;
    for (const lane of this.lanes.values()) running += lane.running;
    return running;
  }

  private lane(name: LaneName): LaneState {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = { name, ready: new ReadyQueue(PRIORITIES), running: 0, asking: false, timer: undefined };
      this.lanes.set(name, lane);
    }
    return lane;
  }

  /** Hands out what may go now. A lane with nothing left is forgotten: channels come and go. */
  private pump(lane: LaneState): void {
    this.handOut(lane);
    const { ready, running, asking, timer } = lane;
    if (ready.size === 0 && running === 0 && !asking && timer === undefined) this.lanes.delete(lane.name);
  }

  private handOut(lane: LaneState): void {
    if (lane.asking) return;
    while (this.mayHandOut(lane)) {
      const openIn = this.pace.delay(lane.name);
      const urgent = openIn > 0 && lane.ready.hasUrgent;
      const delay = urgent ? this.pace.delay(lane.name, true) : openIn;
      const wait = delay > 0 ? delay : this.pace.take(lane.name, urgent);
      if (typeof wait !== 'number') {
        void this.handWhenTaken(lane, wait, urgent);
        return;
      }
      if (wait > 0) {
        this.wait(lane, wait, urgent);
        return;
      }
      this.handNext(lane, urgent);
    }
  }

  private mayHandOut(lane: LaneState): boolean {
    const { ready, running, name } = lane;
    return this.handler !== undefined && ready.size > 0 && running < concurrencyOf(name) && !this.isWaiting(lane);
  }

  /** Which work it is for is decided when the token is there: until then a better one may come. */
  private async handWhenTaken(lane: LaneState, taken: Promise<number>, urgent: boolean): Promise<void> {
    lane.asking = true;
    try {
      const wait = await taken;
      if (wait === 0) this.handNext(lane, urgent);
      else this.wait(lane, wait, urgent);
    } catch {
      this.wait(lane, ASK_AGAIN_MS, true); // nothing goes without it, not even a click
    }
    lane.asking = false;
    this.pump(lane);
  }

  /** Hands out what the token that was taken is for. */
  private handNext(lane: LaneState, urgent: boolean): void {
    const { handler } = this;
    const work = handler && (urgent ? lane.ready.nextUrgent() : lane.ready.next());
    if (handler === undefined || work === undefined) {
      this.pace.refund(lane.name);
      return;
    }
    this.left(lane, work);
    lane.running += 1;
    void this.hand(work, lane, handler, urgent);
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
