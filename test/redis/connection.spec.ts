import type { IoredisConnection } from '../../src/redis/ioredis-connection.js';
import type { RedisScript } from '../../src/redis/redis-connection.js';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { freePort } from '../support/free-port.js';
import { PROMPTLY_MS } from '../support/promptly.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections } from './connections.js';

const SET: RedisScript = { name: 'set', keys: 1, lua: `return redis.call('SET', KEYS[1], ARGV[1])` };

/** How a promise was rejected, and after how many milliseconds. */
const failure = async (work: Promise<unknown>): Promise<{ code: string; ms: number; text: string }> => {
  const began = performance.now();
  const error = await work.then(
    () => new Error('it worked'),
    (reason: unknown) => reason as Error,
  );
  const code = error instanceof StoreUnavailableError ? error.code : `${error.name} ${error.message}`;
  return { code, ms: performance.now() - began, text: `${error.message} ${error.stack ?? ''}` };
};

describeRedis('the connection to Redis', () => {
  const connections = new Connections();
  let server: RedisServer;
  let connection: IoredisConnection;
  const set = (value: string): Promise<unknown> => connection.run(SET, 'key', value);
  const connected = (): Promise<boolean> => eventually('a connection', () => connection.status().state === 'connected');
  const messages = (): string[] => connections.log.lines.map(({ message }) => message);

  beforeEach(async () => {
    server = await RedisServer.start();
    connection = await connections.connect(server.url);
    connections.log.lines.length = 0;
  });
  afterEach(async () => {
    connections.close();
    await server.dispose();
  });

  it('runs scripts, also on a server that does not know them yet', async () => {
    await set('1');
    await connection.client.script('FLUSH');
    await Promise.all([set('2'), set('3')]);
    expect(await connection.client.get('key')).toBe('3');
    expect(connection.status()).toEqual({ state: 'connected', error: null });
  });

  it('fails at once while Redis is away, tells so once, and comes back by itself', async () => {
    let returns = 0;
    let masters = 0;
    connection.onReconnect(() => (returns += 1));
    connection.onNewMaster(() => (masters += 1));
    await server.kill9();
    await eventually('the loss to be seen', () => connection.status().error === 'ECONNREFUSED');
    for (let n = 0; n < 3; n++) {
      const { code, ms } = await failure(set('x'));
      expect(code).toBe('ECONNREFUSED');
      expect(ms).toBeLessThan(PROMPTLY_MS);
    }
    expect(connection.status()).toEqual({ state: 'reconnecting', error: 'ECONNREFUSED' });
    await server.startAgain();
    await connected();
    await set('y');
    expect(messages()).toEqual(['Redis is away: no change is taken until it is back', 'Redis is back']);
    expect({ returns, masters }).toEqual({ returns: 1, masters: 0 });
  });

  it('says nothing of its own end', async () => {
    await connection.client.quit();
    await eventually('the end', () => connection.status().state === 'closed');
    connection.close();
    expect(messages()).toEqual([]);
  });

  it('fails within a second while Redis hangs', async () => {
    server.pause();
    const failures = await Promise.all([failure(set('a')), failure(connection.client.get('key'))]);
    for (const { ms } of failures) expect(ms).toBeLessThan(PROMPTLY_MS);
    expect(failures[0].code).toBe('time_out');
    await eventually('the hanging connection to be given up', () => messages().length === 1);
    server.resume();
    await connected();
    await set('b');
    expect(await connection.client.get('key')).toBe('b');
  });

  it.each([
    ['READONLY', () => connection.client.replicaof('127.0.0.1', '1')],
    ['OOM', () => connection.client.config('SET', 'maxmemory', '1')],
    ['NOPERM', () => connection.client.acl('SETUSER', 'default', '-@scripting')],
  ])('names %s', async (code, provoke) => {
    await provoke();
    expect((await failure(set('x'))).code).toBe(code);
  });

  it('knows the time of Redis', async () => {
    const clock = new ManualClock(Date.parse('2001-01-01T00:00:00Z')); // ours is 25 years behind
    const other = await connections.connect(server.url, clock);
    expect(Math.abs(other.now() - Date.now())).toBeLessThan(2_000);
    const before = other.now();
    await clock.advance(5_000);
    expect(other.now() - before).toBe(5_000);
    clock.jump(3_600_000);
    await clock.advance(10_000, () => other.client.ping().then(() => undefined));
    await eventually('the time to be asked again', () => Math.abs(other.now() - Date.now()) < 2_000);
  });

  it('hears what another one publishes, also after a restart of Redis', async () => {
    const other = await connections.connect(server.url);
    const heard: string[] = [];
    await connection.subscribe('news', (message) => heard.push(message));
    await connection.subscribe('news', (message) => heard.push(`${message} too`));
    const until = async (text: string): Promise<void> => {
      await eventually(`the message ${text}`, () => {
        other.publish('news', text);
        return heard.includes(text);
      });
    };
    await until('one');
    expect(heard).toContain('one too');
    await server.kill9();
    await server.startAgain();
    await until('two');
  });

  it.each([
    ['nobody listens', () => freePort().then((port) => `redis://u:topsecret@127.0.0.1:${port}`), /\(ECONNREFUSED\)/],
    [
      'no Sentinel answers',
      () => freePort().then((port) => `redis+sentinel://:topsecret@127.0.0.1:${port}/m`),
      /\(connection\)/,
    ],
    [
      'no node answers',
      () => freePort().then((port) => `redis+cluster://:topsecret@127.0.0.1:${port}`),
      /\(connection\)/,
    ],
  ])('gives a start up after 10 s when %s', async (_, url, reason) => {
    const clock = new ManualClock();
    const refused = failure(connections.connect(await url(), clock));
    let over = false;
    void refused.then(() => (over = true));
    await new Promise((resolve) => setTimeout(resolve, 700)); // a few tries
    expect(over).toBe(false);
    await clock.advance(10_000);
    const { text } = await refused;
    expect(text).toMatch(/^can't start: Redis can't be reached \(\w+\): check REDIS_URL/);
    expect(text).toMatch(reason);
    expect(text).not.toContain('topsecret');
  });

  it.each([
    ['the password is wrong', '//:topsecret@', 'WRONGPASS'],
    ['there is no such user', '//topsecret:topsecret@', 'WRONGPASS'],
    ['the password is missing', '//', 'NOAUTH'],
  ])('ends a start at once when %s', async (_, login, code) => {
    await connection.client.config('SET', 'requirepass', 'other');
    const { text } = await failure(connections.connect(server.url.replace('//', login), new ManualClock()));
    expect(text).toMatch(`can't start: Redis refuses the user or the password (${code}): check REDIS_URL`);
    expect(text).not.toContain('topsecret');
  });
});
