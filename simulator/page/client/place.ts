/** Where the reader is, as in the address: `#/C0ALERTS01/1700000000.000100`. */
export interface Place {
  channel: string | undefined;
  thread: string | undefined;
}

export function placeFromHash(hash: string): Place {
  const [, channel, thread] = hash.split('/').map(decodeURIComponent);
  return { channel: channel === '' ? undefined : channel, thread: thread === '' ? undefined : thread };
}

/** `#/home`: the app's home tab. No channel has this id. */
export const HOME = 'home';

export function hashOf(channel: string, thread?: string): string {
  return thread === undefined ? `#/${channel}` : `#/${channel}/${thread}`;
}
