/** POSTs at a steady rate, whatever the answers take. */
export interface SteadyLoad {
  /** Ends it, and waits for the last answers. @returns requests a second, and how long each took in milliseconds */
  stop(): Promise<{ readonly perSecond: number; readonly times: readonly number[] }>;
}

/** How often it looks whether a request is due. Milliseconds. */
const TICK_MS = 5;

export const steadyLoad = (url: string, perSecond: number, body: () => string): SteadyLoad => {
  const started = performance.now();
  const times: number[] = [];
  const running = new Set<Promise<void>>();
  let sent = 0;
  let failure: unknown;

  const post = async (): Promise<void> => {
    const sentAt = performance.now();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body(),
    });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url} answered ${String(answer.status)}`);
    times.push(performance.now() - sentAt);
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - started) * perSecond) / 1_000;
    for (; sent < due; sent++) {
      const work = post()
        .catch((error: unknown) => (failure ??= error))
        .then(() => void running.delete(work));
      running.add(work);
    }
  }, TICK_MS);

  return {
    stop: async () => {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1_000;
      await Promise.all(running);
      if (failure !== undefined) throw new Error('steady load', { cause: failure });
      return { perSecond: times.length / seconds, times };
    },
  };
};
