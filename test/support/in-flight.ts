/** Counts calls of an object's methods that have not settled yet, so that a test knows when nothing is on its way. */
export class InFlight {
  private count = 0;

  watch<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, object, args);
          if (result instanceof Promise) {
            this.count += 1;
            const done = (): void => {
              this.count -= 1;
            };
            result.then(done, done);
          }
          return result;
        };
      },
    });
  }

  /** Resolves when nothing was on its way for some turns of the event loop. @param ignore how many calls a test holds back */
  async settled(ignore: () => number = () => 0): Promise<void> {
    for (let quiet = 0; quiet < 4;) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.count <= ignore() ? quiet + 1 : 0;
    }
  }
}
