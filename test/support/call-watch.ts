import { setTimeout as pause } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.js';
import type { Random } from './random.js';

const AT_MOST_MS = 3_000;

/** Random moments of a run: half of them at any time, the others while a call to Slack runs, or just after it. */
export class CallWatch {
  /** Called with each call to Slack at its arrival. */
  private onCall: (method: string) => void = () => undefined;

  /** Before any other fault is added: a call meets the first that fits, and this one never does. */
  constructor(
    simulator: Simulator,
    private readonly random: Random,
  ) {
    simulator.faults.add({
      kind: 'hang',
      times: Infinity,
      match: ({ method }) => {
        this.onCall(method);
        return false;
      },
    });
  }

  /** Resolves at such a moment, within 3 s or so. @param ready what to wait for before a call is waited for */
  async moment(ready: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    const { random } = this;
    if (random.chance(0.5)) {
      await pause(random.between(100, AT_MOST_MS));
      return;
    }
    await ready();
    const patience = AbortSignal.timeout(AT_MOST_MS);
    let calls = random.between(1, 6);
    await new Promise<void>((resolve) => {
      patience.addEventListener('abort', () => {
        resolve();
      });
      this.onCall = (method) => {
        if (method.startsWith('chat.') && --calls === 0) resolve();
      };
    });
    this.onCall = () => undefined;
    const wait = random.pick([0, 0, random.between(1, 20), random.between(1, 300)]);
    if (wait > 0) await pause(wait);
  }
}
