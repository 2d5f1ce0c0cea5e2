import { SlackCallError } from '../../src/slack/slack-call-error.js';

/** How a held call ends: without an answer that we know, or without having reached Slack. */
export type Ending = 'lost' | 'refused';

/** Holds calls to Slack back until the test lets them go. */
export class CallGates {
  private readonly gates = new Map<string, Promise<Ending | undefined>>();
  /** Calls that wait. */
  held = 0;

  /** Holds the next call of this kind: `before` it leaves, or `after` Slack took it. @returns lets it go, or has it fail */
  hold(method: 'post' | 'update' | 'delete', when: 'before' | 'after'): (how?: Ending) => void {
    let release: (how?: Ending) => void = () => undefined;
    const opened = new Promise<Ending | undefined>((resolve) => {
      release = resolve;
    });
    this.gates.set(`${method} ${when}`, opened);
    return release;
  }

  /** The next calls are not held; those that wait go on waiting. */
  clear(): void {
    this.gates.clear();
  }

  /** Waits where a test holds this kind of call. */
  async pass(name: string): Promise<void> {
    const gate = this.gates.get(name);
    if (gate === undefined) return;
    this.gates.delete(name);
    this.held += 1;
    const how = await gate;
    this.held -= 1;
    if (how === 'lost') throw new SlackCallError(name, 'ambiguous', 'lost');
    if (how === 'refused') throw new SlackCallError(name, 'transient', 'ECONNREFUSED');
  }
}
