/** What is promised within a second is given three: tests share their processor. What hangs takes longer than that. */
export const PROMPTLY_MS = 3_000;
