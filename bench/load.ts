import autocannon from 'autocannon';

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  /** The body of the next request. */
  readonly body: () => string;
  /** Default 64. */
  readonly connections?: number;
  /** So many requests, however long they take, instead of so many seconds. */
  readonly amount?: number;
  /** Told of answers other than 200, as from a disk that stalls; without it they are an error. */
  readonly refused?: (count: number) => void;
}

/** POSTs from many connections. @returns requests a second that were answered 200 */
export const load = async ({ url, seconds, body, connections = 64, amount, refused }: LoadOptions): Promise<number> => {
  const began = performance.now();
  let last = began;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        connections,
        ...(amount === undefined ? { duration: seconds } : { amount }),
        requests: [
          {
            method: 'POST',
            path: '/alert',
            headers: { 'content-type': 'application/json' },
            setupRequest: (request) => ({ ...request, body: body() }),
          },
        ],
      },
      (error: unknown, done) => {
        if (error instanceof Error) reject(error);
        else resolve(done);
      },
    );
    running.on('response', () => (last = performance.now())); // it ends with the second in which the last one came
  });
  if (result.non2xx > 0) refused?.(result.non2xx);
  if ((result.non2xx > 0 && refused === undefined) || result.errors > 0) {
    throw new Error(`${url}: ${String(result.non2xx)} answers that are not 2xx, ${String(result.errors)} errors`);
  }
  return result['2xx'] / (amount === undefined ? result.duration : (last - began) / 1_000);
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

export const percentile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;
};
