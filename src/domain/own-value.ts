/**
 * The value that an object itself has under a name from outside, such as a label's. Read by `object[name]`, a label
 * `toString` that is missing would be a function: every object inherits one. `npm run lint` finds such reads
 * (tools/lint/own-values.mjs).
 */
export const ownValue = <T>(object: Readonly<Record<string, T>>, name: string): T | undefined =>
  // eslint-disable-next-line own-values/by-name -- this is the one place
  Object.hasOwn(object, name) ? object[name] : undefined;
