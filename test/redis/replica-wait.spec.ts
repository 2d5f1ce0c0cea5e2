import { SystemClock } from '../../src/clock/clock.js';
import { ReplicaWait } from '../../src/thread-store/redis-replica-wait.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections } from './connections.js';

describeRedis('waiting for a replica of Redis', () => {
  const connections = new Connections();
  let servers: RedisServer[] = [];
  const messages = (): string[] => connections.log.lines.map(({ message }) => message);
  afterEach(async () => {
    connections.close();
    for (const server of servers.splice(0)) await server.dispose();
  });

  it('ends when it has the change, says when it is behind, and waits for none where there is none', async () => {
    const master = await RedisServer.start();
    const replica = await RedisServer.start({
      settings: { replicaof: `127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay': '0' },
    });
    servers = [replica, master];
    const connection = await connections.connect(master.url, new SystemClock());
    const clock = new ManualClock();
    const replicas = new ReplicaWait(connection, clock, connections.log);
    const waits = async (): Promise<number> => {
      const stats = await connection.masters()[0]?.info('commandstats');
      return Number(/^cmdstat_wait:calls=(\d+)/m.exec(stats ?? '')?.[1] ?? 0);
    };
    /** @returns how often Redis was asked to wait for it */
    const change = async (): Promise<number> => {
      await connection.client.incr('n');
      const before = await waits();
      await replicas.wait();
      return (await waits()) - before;
    };
    await connection.client.set('n', '0');
    await eventually('the replica to follow', async () => (await connection.client.wait(1, 100)) === 1);
    await replicas.start();
    await change();
    const reader = await connections.connect(replica.url);
    expect(await reader.client.get('n')).toBe('1');

    replica.pause();
    expect(await change()).toBe(1);
    expect(messages()).toEqual(['no replica of Redis keeps up: changes do not wait for one']);
    expect(await change()).toBe(0); // not again at once
    clock.jump(1_000);
    expect(await change()).toBe(1);
    replica.resume();
    await eventually('the replica to follow', async () => (await connection.client.wait(1, 100)) === 1);
    clock.jump(1_000);
    await change();
    expect(messages().slice(1)).toEqual(['a replica of Redis keeps up again']);

    await replica.kill9();
    await eventually('no replica', async () =>
      (await connection.masters()[0]?.info('replication'))?.includes('connected_slaves:0'),
    );
    await replicas.start();
    expect(await change()).toBe(0);
    replicas.stop();
  });
});
