const FIRST_MS = 1_000;
const MOST_MS = 25_000;
/** Added at random, so that many processes do not come back at once. */
const JITTER = 0.2;

/**
 * Milliseconds before the next try to connect: none after a connection that had lasted (`failures` 0), then 1 s, doubled
 * up to 30 s. @param failures tries in a row that came to nothing
 */
export const retryDelay = (failures: number, random: () => number): number => {
  if (failures <= 0) return 0;
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10)) * (1 + JITTER * random());
};
