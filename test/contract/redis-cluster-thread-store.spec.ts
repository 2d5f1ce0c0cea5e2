import { RedisCluster } from '../redis/redis-cluster.js';
import { RedisStores } from '../redis/redis-stores.js';
import { describeRedis } from '../support/describe-redis.js';
import { threadStoreContract } from './thread-store.contract.js';

describeRedis('thread store', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
  });
  afterAll(() => cluster.dispose());

  threadStoreContract('redis cluster', async () => {
    const stores = new RedisStores();
    const { store, connection } = await stores.store(cluster.url);
    await Promise.all(connection.masters().map((master) => master.flushall()));
    return {
      store,
      reopen: async () => {
        await stores.close();
        return (await stores.store(cluster.url)).store;
      },
      dispose: () => stores.close(),
    };
  });
});
