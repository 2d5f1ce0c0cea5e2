import { RedisStores } from '../redis/redis-stores.js';
import { describeRedis } from '../support/describe-redis.js';
import { RedisServer } from '../support/redis-server.js';
import { threadStoreContract } from './thread-store.contract.js';

describeRedis('thread store', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.dispose());

  threadStoreContract('redis', async () => {
    const stores = new RedisStores();
    const { store, connection } = await stores.store(server.url);
    await connection.client.flushall();
    return {
      store,
      reopen: async () => {
        await stores.close();
        return (await stores.store(server.url)).store;
      },
      dispose: () => stores.close(),
    };
  });
});
