/** Time, injected so that tests decide it. */
export abstract class Clock {
  /** Epoch milliseconds. */
  abstract now(): number;
  /** Milliseconds of a clock that never jumps; only differences mean something. */
  abstract monotonic(): number;
  /** Calls back after `ms`, once. The timer alone does not keep the process alive. @returns cancels it */
  abstract after(ms: number, callback: () => void): () => void;

  /** Resolves after `ms`. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }
}

export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }

  override after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
