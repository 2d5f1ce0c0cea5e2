import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { RedisServer } from '../support/redis-server.js';

const SLOTS = 16_384;

/** A Cluster of three masters, each with a third of the slots; the first of them may have a replica. */
export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start({ replica = false } = {}): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    const buses: number[] = [];
    for (let n = 0; n < (replica ? 4 : 3); n++) {
      const bus = await freePort();
      const settings = { 'cluster-enabled': 'yes', 'cluster-port': String(bus), 'cluster-node-timeout': '1000' };
      nodes.push(await RedisServer.start({ settings }));
      buses.push(bus);
    }
    const cluster = new RedisCluster(nodes);
    const clients = nodes.map(({ port }) => new Redis(port, '127.0.0.1'));
    try {
      for (const [n, client] of clients.entries()) {
        const [from, to] = [n, n + 1].map((part) => Math.floor((part * SLOTS) / 3)) as [number, number];
        if (n < 3) await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1);
        if (n > 0) await client.call('CLUSTER', 'MEET', '127.0.0.1', nodes[0]?.port ?? 0, buses[0] ?? 0);
      }
      await eventually('the cluster to be whole', async () => {
        const infos = (await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')))) as string[];
        return infos.every(
          (info) => info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`),
        );
      });
      const [first, , , last] = clients;
      if (first && last) {
        await last.call('CLUSTER', 'REPLICATE', String(await first.call('CLUSTER', 'MYID')));
        await eventually('the replica to follow', async () =>
          (await last.info('replication')).includes('master_link_status:up'),
        );
      }
    } finally {
      for (const client of clients) client.disconnect();
    }
    return cluster;
  }

  /** As in REDIS_URL, by two of the nodes. */
  get url(): string {
    return `redis+cluster://${this.nodes
      .slice(0, 2)
      .map(({ port }) => `127.0.0.1:${port}`)
      .join(',')}`;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.dispose()));
  }
}
