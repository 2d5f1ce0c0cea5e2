import { Fifo, type Place } from './fifo.js';

interface Flow<T> {
  readonly name: string;
  readonly values: Fifo<T>;
  /** In the order of turns. */
  turn: Place<Flow<T>>;
}

/** Where a value waits in a {@link FairClass}. */
export interface Turn<T> {
  readonly flow: Flow<T>;
  readonly place: Place<T>;
  readonly arrival: Place<T>;
}

/**
 * Values of one priority: flows take turns, and within a flow it is first come, first served. A flow with nothing left
 * is forgotten.
 */
export class FairClass<T> {
  private readonly flows = new Map<string, Flow<T>>();
  private readonly turns = new Fifo<Flow<T>>();
  /** Of all flows, as they came. */
  private readonly arrivals = new Fifo<T>();

  get isEmpty(): boolean {
    return this.turns.isEmpty;
  }

  /** Whose turn it is. */
  get first(): T | undefined {
    return this.turns.first?.values.first;
  }

  /** The one that came first. */
  get oldest(): T | undefined {
    return this.arrivals.first;
  }

  add(value: T, name: string): Turn<T> {
    const flow = this.flows.get(name) ?? this.newFlow(name);
    return { flow, place: flow.values.push(value), arrival: this.arrivals.push(value) };
  }

  /** @param served it had its turn: the other flows are next */
  remove({ flow, place, arrival }: Turn<T>, served: boolean): void {
    this.arrivals.remove(arrival);
    flow.values.remove(place);
    if (!served && !flow.values.isEmpty) return;
    this.turns.remove(flow.turn);
    if (flow.values.isEmpty) this.flows.delete(flow.name);
    else flow.turn = this.turns.push(flow);
  }

  private newFlow(name: string): Flow<T> {
    const flow = { name, values: new Fifo<T>() } as Flow<T>;
    flow.turn = this.turns.push(flow);
    this.flows.set(name, flow);
    return flow;
  }
}
