/** A process with a store of its own: `redis-child.ts <url> <changes>` makes so many changes of one record at once. */
import { CHANNEL, counted, KEY } from '../contract/records.js';
import { RedisStores } from './redis-stores.js';

const [url = '', changes = '0'] = process.argv.slice(2);
const stores = new RedisStores();
const { store } = await stores.store(url);
process.stdout.write('open\n');
await Promise.all(
  Array.from({ length: Number(changes) }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n % 50)); // several rounds, not one batch
    await store.update(KEY, CHANNEL, counted);
  }),
);
await stores.close();
