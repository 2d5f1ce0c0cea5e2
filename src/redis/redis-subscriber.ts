import type { Cluster, Redis } from 'ioredis';

type Listener = (message: string) => void;

/** The second connection, which only listens. It opens with the first channel and subscribes again after each loss. */
export class RedisSubscriber {
  private readonly listeners = new Map<string, Listener[]>();
  private client: Redis | Cluster | undefined;

  /**
   * @param open makes a client that is not connected yet
   * @param onFault a channel could not be asked for; when the client is ready again, it is asked for again
   */
  constructor(
    private readonly open: () => Redis | Cluster,
    private readonly onFault: (channel: string, error: unknown) => void,
  ) {}

  async subscribe(channel: string, listener: Listener): Promise<void> {
    const known = this.listeners.get(channel);
    if (known !== undefined) {
      known.push(listener);
      return;
    }
    this.listeners.set(channel, [listener]);
    if (this.client === undefined) await this.connect();
    else await this.ask(channel);
  }

  close(): void {
    this.client?.disconnect();
  }

  private async connect(): Promise<void> {
    const client = this.open();
    this.client = client;
    client.on('error', () => undefined); // the first connection tells of it
    client.on('message', (channel: string, message: string) => {
      for (const hear of this.listeners.get(channel) ?? []) hear(message);
    });
    client.on('ready', () => {
      for (const channel of this.listeners.keys()) void this.ask(channel);
    });
    await client.connect().catch(() => undefined);
  }

  private async ask(channel: string): Promise<void> {
    await this.client?.subscribe(channel).catch((error: unknown) => {
      this.onFault(channel, error);
    });
  }
}
