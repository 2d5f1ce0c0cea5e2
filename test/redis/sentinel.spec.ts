import { writeFileSync } from 'node:fs';
import type { RedisThreadStore } from '../../src/thread-store/redis-thread-store.js';
import { CHANNEL, holding, incidentId, thread } from '../contract/records.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer } from '../support/redis-server.js';
import { TempFolder } from '../support/temp-folder.js';
import { RedisStores } from './redis-stores.js';

const PASSWORD = 'pass@word/1';
const SENTINELS_PASSWORD = 'another one';
const LOGIN = `sentinel_password=${encodeURIComponent(SENTINELS_PASSWORD)}`;

describeRedis('a master that Sentinel knows', () => {
  let folder: TempFolder;
  let servers: RedisServer[];
  let master: RedisServer;
  let stores: RedisStores;
  let store: RedisThreadStore;
  let newMasters: number;
  let reconnects = 0;

  beforeEach(async () => {
    folder = new TempFolder();
    const settings = { requirepass: PASSWORD, masterauth: PASSWORD, 'repl-diskless-sync-delay': '0' };
    master = await RedisServer.start({ settings });
    const replica = await RedisServer.start({
      settings: { ...settings, replicaof: `127.0.0.1 ${master.port}` },
    });
    const file = folder.file('sentinel.conf');
    writeFileSync(
      file,
      [
        `sentinel monitor mine 127.0.0.1 ${master.port} 1`,
        `sentinel auth-pass mine ${PASSWORD}`,
        'sentinel down-after-milliseconds mine 500',
        'sentinel failover-timeout mine 3000',
        `requirepass "${SENTINELS_PASSWORD}"`,
        '',
      ].join('\n'),
    );
    const sentinel = await RedisServer.start({ sentinel: file });
    servers = [sentinel, replica, master];
    stores = new RedisStores();
    const url = `redis+sentinel://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${sentinel.port}/mine?${LOGIN}`;
    const client = await stores.connections.connect(url);
    await eventually('the replica', async () =>
      (await client.masters()[0]?.info('replication'))?.includes('state=online'),
    );
    await client.client.set('synchronised', 'yes');
    await eventually('the replica to follow', async () => (await client.client.wait(1, 100)) === 1);
    const opened = await stores.store(url);
    store = opened.store;
    reconnects = 0;
    opened.connection.onReconnect(() => (reconnects += 1));
    newMasters = 0;
    opened.connection.onNewMaster(() => (newMasters += 1));
  });
  afterEach(async () => {
    await stores.close();
    for (const server of servers) await server.dispose();
    folder.remove();
  });

  it.each([
    ['dies', () => master.kill9()],
    [
      'hangs',
      () => {
        master.pause();
        return Promise.resolve();
      },
    ],
  ])('is followed to the next one when it %s', async (_, end) => {
    const made: number[] = [];
    const failed: string[] = [];
    const run = { over: false };
    const writing = (async () => {
      for (let n = 1; !run.over; n++) {
        try {
          await store.update(`key ${n}`, CHANNEL, holding(thread(incidentId(n))));
          made.push(n);
        } catch (error) {
          failed.push((error as { code: string }).code);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    })();
    await eventually('some changes', () => made.length > 50);
    await end();
    await eventually('the loss', () => failed.length > 0);
    const before = made.length;
    await eventually('changes on the next master', () => made.length > before + 50);
    run.over = true;
    await writing;
    expect(reconnects).toBeGreaterThan(0);
    expect(newMasters).toBe(1);
    // each of them was with the replica before it was told to be done
    const kept = await Promise.all(made.map((n) => store.get(`key ${n}`, CHANNEL)));
    const messages = stores.connections.log.lines.map(({ message }) => message);
    const lost = kept.filter((record) => record === undefined).length;
    if (messages.some((message) => message.startsWith('no replica of Redis keeps up'))) {
      process.stderr.write(
        `the machine was too busy for the replica of Redis, which promises nothing then: ${lost} lost\n`,
      );
    } else expect(lost).toBe(0);
    expect(messages).toContain('Redis is back');
    expect(JSON.stringify(stores.connections.log.lines)).not.toContain(PASSWORD);
  });

  it('is named when Sentinel does not know it, or us', async () => {
    const clock = new ManualClock();
    const [sentinel] = servers;
    const at = `redis+sentinel://127.0.0.1:${sentinel?.port ?? 0}`;
    const refused = async (url: string, reason: string): Promise<void> => {
      const failure = expect(stores.connections.connect(url, clock)).rejects.toThrow(`(${reason}): check REDIS_URL`);
      await new Promise((resolve) => setTimeout(resolve, 300)); // a try or two
      await clock.advance(10_000);
      await failure;
    };
    await refused(`${at}/other?${LOGIN}`, 'sentinel-knows-no-such-master');
    await refused(`${at}/mine`, 'sentinel-NOAUTH');
    await refused(`${at}/mine?sentinel_password=wrong`, 'sentinel-WRONGPASS');
  });
});
