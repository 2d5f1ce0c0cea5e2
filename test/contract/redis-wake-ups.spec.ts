import { SystemClock } from '../../src/clock/clock.js';
import { workOf, type Work } from '../../src/delivery/delivery-queue.js';
import { RedisWakeUps } from '../../src/delivery/redis-wake-ups.js';
import { SharedClock } from '../../src/delivery/shared-clock.js';
import { describeRedis } from '../support/describe-redis.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { Connections } from '../redis/connections.js';

const TOPIC = 'threader:ts-changed';

describeRedis('wake-ups over Redis', () => {
  let server: RedisServer;
  const connections = new Connections();

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterEach(() => {
    connections.close();
  });
  afterAll(() => server.dispose());

  const replica = async (owner: string) => {
    const connection = await connections.connect(server.url);
    const wakeUps = new RedisWakeUps(connection, TOPIC, owner);
    const heard: (readonly Work[])[] = [];
    await wakeUps.hear((works) => heard.push(works));
    return { wakeUps, heard, connection };
  };

  it('tells the others, not itself, and all of a turn in one message', async () => {
    const [one, two, three] = [await replica('one'), await replica('two'), await replica('three')];
    const works = [workOf('a|b|c', 'C0ONE'), workOf('ü "x" | \n', 'C0TWO')];
    for (const work of [...works, ...works]) one.wakeUps.tell(work);
    await eventually('both to hear', () => two.heard.length > 0 && three.heard.length > 0);
    expect([two.heard, three.heard, one.heard]).toEqual([[works], [works], []]);
  });

  it('sends what was told at once when it is to be flushed', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    for (let i = 0; i < 1_200; i++) one.wakeUps.tell(workOf(`k${String(i)}`, 'C0ONE'));
    one.wakeUps.flush();
    await eventually('all of it', () => two.heard.flat().length === 1_200);
    expect(two.heard.map(({ length }) => length)).toEqual([500, 500, 200]);
  });

  it('ignores what it does not understand', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    for (const odd of ['', '{', '[]', 'null', '{"records":[1,["C"],["C","k",2],{}]}', '{"records":"x"}']) {
      one.connection.publish(TOPIC, odd);
    }
    one.wakeUps.tell(workOf('k', 'C0ONE'));
    await eventually('the last one', () => two.heard.flat().some(({ channel }) => channel === 'C0ONE'));
    expect(two.heard.flat()).toEqual([workOf('k', 'C'), workOf('k', 'C0ONE')]);
  });

  it('has all replicas agree on the time', async () => {
    const { connection } = await replica('one');
    const clock = new SharedClock(connection, new SystemClock());
    const [seconds = '0', micros = '0'] = (await connection.client.time()).map(String);
    expect(Math.abs(clock.now() - (Number(seconds) * 1_000 + Number(micros) / 1_000))).toBeLessThan(1_000);
  });
});
