import autocannon from 'autocannon';

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  /** The body of the next request. */
  readonly body: () => string;
}

/** POSTs from 64 connections. @returns requests a second that were answered 200; any other answer is an error */
export const load = async ({ url, seconds, body }: LoadOptions): Promise<number> => {
  const result = await autocannon({
    url,
    connections: 64,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/alert',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: body() }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${String(result.non2xx)} answers that are not 2xx, ${String(result.errors)} errors`);
  }
  return result['2xx'] / result.duration;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

export const percentile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;
};
