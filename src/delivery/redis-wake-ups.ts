import type { RedisConnection } from '../redis/redis-connection.js';
import { fieldsOf, itemsOf, textsOf } from '../wire/json.js';
import { workOf, type Work } from './delivery-queue.js';
import { TurnWakeUps } from './wake-ups.js';

/** Records in one message at most; more go in several. */
const MOST = 500;

/** Wake-ups over Redis' publish and subscribe: each message names its sender, and channel and key of each record. */
export class RedisWakeUps extends TurnWakeUps {
  constructor(
    private readonly redis: RedisConnection,
    /** The channel that they are published on. */
    private readonly topic: string,
    /** This process, which need not hear itself. */
    private readonly owner: string,
  ) {
    super();
  }

  override hear(listener: (works: readonly Work[]) => void): Promise<void> {
    return this.redis.subscribe(this.topic, (message) => {
      const works = this.read(message);
      if (works.length > 0) listener(works);
    });
  }

  protected override send(works: readonly Work[]): void {
    for (let at = 0; at < works.length; at += MOST) {
      const records = works.slice(at, at + MOST).map(({ channel, key }) => [channel, key]);
      this.redis.publish(this.topic, JSON.stringify({ from: this.owner, records }));
    }
  }

  private read(message: string): readonly Work[] {
    const { from, records } = fieldsOf(parsed(message));
    if (from === this.owner) return [];
    return itemsOf(records).flatMap((row) => {
      const [channel, key] = textsOf(row);
      return channel === undefined || key === undefined ? [] : [workOf(key, channel)];
    });
  }
}

const parsed = (message: string): unknown => {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
};
