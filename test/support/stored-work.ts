import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '../../src/clock/clock.js';
import { threadsOf } from '../../src/domain/record.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { LogLines } from './log-lines.js';
import { CHANNEL } from './slack-channel.js';
import { TempFolder } from './temp-folder.js';

/** What a store's file says is still to be done in Slack, by operation; read from a copy, as a backup would be. */
export const storedWork = async (file: string): Promise<{ claims: string[]; strays: string[]; doubts: string[] }> => {
  const folder = new TempFolder();
  try {
    const copy = join(folder.path, 'threads.json');
    copyFileSync(file, copy);
    const clock = new SystemClock();
    const store = await FileThreadStore.open({ file: copy, defaultChannel: CHANNEL, clock, logger: new LogLines() });
    const deliveries = (await store.pending(Infinity, Infinity)).flatMap(threadsOf).map(({ delivery }) => delivery);
    await store.close();
    return {
      claims: deliveries.flatMap(({ claim }) => (claim === null ? [] : [claim.id])),
      strays: deliveries.flatMap(({ strays }) => strays ?? []),
      doubts: deliveries.flatMap(({ doubts }) => (doubts ?? []).map(({ id }) => id)),
    };
  } finally {
    folder.remove();
  }
};
