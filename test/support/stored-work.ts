import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '../../src/clock/clock.js';
import { threadsOf } from '../../src/domain/record.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { Connections } from '../redis/connections.js';
import { LogLines } from './log-lines.js';
import { CHANNEL } from './slack-channel.js';
import { TempFolder } from './temp-folder.js';

/** What is still to be done in Slack, by operation. */
export interface StoredWork {
  readonly claims: readonly string[];
  readonly strays: readonly string[];
  readonly doubts: readonly string[];
}

/** Whether nothing is claimed and nothing is left to be deleted; doubts are looked at again a minute later. */
export const isDone = ({ claims, strays, doubts }: StoredWork, withDoubts: boolean): boolean =>
  claims.length + strays.length === 0 && (!withDoubts || doubts.length === 0);

const clock = new SystemClock();
const MOST = 10_000;

/** What a store's file says; read from a copy, as a backup would be. */
export const storedWork = async (file: string): Promise<StoredWork> => {
  const folder = new TempFolder();
  try {
    const copy = join(folder.path, 'threads.json');
    copyFileSync(file, copy);
    const store = await FileThreadStore.open({ file: copy, defaultChannel: CHANNEL, clock, logger: new LogLines() });
    const work = await workIn(store);
    await store.close();
    return work;
  } finally {
    folder.remove();
  }
};

/** What a Redis says, under the usual prefix. */
export const storedWorkInRedis = async (url: string): Promise<StoredWork> => {
  const connections = new Connections();
  try {
    const connection = await connections.connect(url);
    const options = { connection, prefix: 'threader:ts', defaultChannel: CHANNEL, clock, logger: new LogLines() };
    const store = await RedisThreadStore.open(options);
    const work = await workIn(store);
    await store.close();
    return work;
  } finally {
    connections.close();
  }
};

const workIn = async (store: ThreadStore): Promise<StoredWork> => {
  const deliveries = (await store.pending(Number.MAX_SAFE_INTEGER, MOST))
    .flatMap(threadsOf)
    .map(({ delivery }) => delivery);
  return {
    claims: deliveries.flatMap(({ claim }) => (claim === null ? [] : [claim.id])),
    strays: deliveries.flatMap(({ strays }) => strays ?? []),
    doubts: deliveries.flatMap(({ doubts }) => (doubts ?? []).map(({ id }) => id)),
  };
};
