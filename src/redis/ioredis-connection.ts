import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../clock/clock.js';
import { ownValue } from '../domain/own-value.js';
import type { AppLogger } from '../logging/logger.js';
import type { StoreUnavailableError } from '../thread-store/thread-store.js';
import { RedisClock } from './redis-clock.js';
import { RedisConnection, type RedisScript, type RedisStatus } from './redis-connection.js';
import { faultCode, redisFault } from './redis-fault.js';
import { RedisSubscriber } from './redis-subscriber.js';

const TIME: RedisScript = { name: 'time', keys: 1, lua: `return redis.call('TIME')` };

/** How a first connection ended: with one, or for a reason that trying again does not change. */
export type FirstConnection = 'ready' | 'refused' | 'untrusted';

/** What Redis says to credentials that it does not take, and TLS to a certificate. */
const FINAL: Readonly<Record<string, FirstConnection>> = {
  WRONGPASS: 'refused',
  NOAUTH: 'refused',
  NOPERM: 'refused',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_HAS_EXPIRED: 'untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'untrusted',
};

/** {@link RedisConnection} by ioredis. Tells of a loss and of the return, once each. */
export class IoredisConnection extends RedisConnection {
  private readonly clockThere: RedisClock;
  private readonly subscriber: RedisSubscriber;
  private readonly reconnected: (() => void)[] = [];
  private readonly newMaster: (() => void)[] = [];
  private readonly refused = new Set<string>();
  /** Where the servers that take writes were when last looked. */
  private mastersAt: ReadonlySet<string> = new Set();
  private readonly shas = new Map<string, string>();
  private error: string | null = null;
  private wasReady = false;
  /** When it was lost, by the monotonic clock. */
  private lostAt: number | undefined;
  private closing = false;
  /** Counts once. */
  private firstEnded: (how: FirstConnection) => void = () => undefined;

  /**
   * @param client not connected yet
   * @param prefix what our keys begin with
   */
  constructor(
    override readonly client: Redis | Cluster,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
    private readonly prefix: string,
  ) {
    super();
    this.clockThere = new RedisClock(clock, () => this.time());
    this.subscriber = new RedisSubscriber(
      () => duplicate(client),
      (channel, error) => {
        this.tellRefused(`SUBSCRIBE ${channel}`, error);
      },
    );
    for (const event of ['error', 'node error', 'sentinelError']) {
      client.on(event, (error: unknown) => {
        this.note(error);
      });
    }
    client.on('ready', () => {
      this.ready();
    });
    client.on('reconnecting', () => {
      this.lost(); // not `close`, which comes with our own end too
    });
    // In a Cluster a node may come back, or take over, while the others stay connected.
    client.on('+node', () => {
      if (client.status === 'ready') this.tellReconnected();
    });
    client.on('refresh', () => {
      if (client.status !== 'ready' || !this.hasNewMaster()) return;
      this.tellReconnected();
      this.tellNewMaster();
    });
  }

  override now(): number {
    return this.clockThere.now();
  }

  override async run(script: RedisScript, ...args: readonly (string | number)[]): Promise<unknown> {
    const { name, lua, keys } = script;
    let sha = this.shas.get(name);
    if (sha === undefined) this.shas.set(name, (sha = createHash('sha1').update(lua).digest('hex')));
    try {
      try {
        return await this.client.evalsha(sha, keys, ...args);
      } catch (error) {
        if (faultCode(error) !== 'NOSCRIPT') throw error;
        return await this.client.eval(lua, keys, ...args); // a new server, or one that was started again
      }
    } catch (error) {
      throw this.fault(`run ${name}`, error);
    }
  }

  override subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    return this.subscriber.subscribe(channel, listener);
  }

  override publish(channel: string, message: string): void {
    this.client.publish(channel, message).catch((error: unknown) => {
      this.tellRefused(`PUBLISH ${channel}`, error);
    });
  }

  override onReconnect(listener: () => void): void {
    this.reconnected.push(listener);
  }

  override onNewMaster(listener: () => void): void {
    this.newMaster.push(listener);
  }

  override status(): RedisStatus {
    const { status } = this.client;
    if (status === 'ready') return { state: 'connected', error: null };
    const state = this.closing || status === 'end' ? 'closed' : this.wasReady ? 'reconnecting' : 'connecting';
    return { state, error: this.error };
  }

  override masters(): readonly Redis[] {
    return 'nodes' in this.client ? this.client.nodes('master') : [this.client];
  }

  /** Resolves once connected, or once it is clear that it won't be. What else fails is tried again, and told by {@link status}. */
  async connect(): Promise<FirstConnection> {
    const outcome = new Promise<FirstConnection>((resolve) => {
      this.firstEnded = resolve;
    });
    this.client.connect().catch((error: unknown) => {
      this.note(error);
    });
    const how = await outcome;
    if (how === 'ready') await this.clockThere.start();
    return how;
  }

  close(): void {
    this.closing = true;
    this.clockThere.stop();
    this.subscriber.close();
    this.client.disconnect();
  }

  override fault(action: string, error: unknown): StoreUnavailableError {
    return redisFault(action, error, this.error);
  }

  /** `connection` says nothing where a cause is known. */
  private note(error: unknown): void {
    const code = faultCode(error);
    if (code !== 'connection' || this.error === null) this.error = code;
    const final = ownValue(FINAL, code);
    if (final !== undefined) this.firstEnded(final);
  }

  private async time(): Promise<number> {
    // The key only says where the script runs: of the masters of a Cluster always the same one is asked.
    const answer = this.run(TIME, `${this.prefix}-clock`);
    answer.catch((error: unknown) => {
      this.tellRefused('TIME', error);
    });
    const [seconds, micros] = (await answer) as [string, string];
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  }

  /** What is asked in passing fails in silence, but for a right that is missing: nobody would see why all is slow. */
  private tellRefused(command: string, error: unknown): void {
    const { code } = this.fault(command, error);
    if (code !== 'NOPERM' || this.refused.has(command)) return;
    this.refused.add(command);
    this.logger.error({ code, command }, 'Redis refuses a command that replicas agree by: give its user the right');
  }

  private ready(): void {
    this.error = null;
    this.firstEnded('ready');
    if (this.lostAt !== undefined) {
      this.logger.info({ awayMs: Math.round(this.clock.monotonic() - this.lostAt) }, 'Redis is back');
      this.lostAt = undefined;
    }
    const isOther = this.hasNewMaster();
    if (this.wasReady) this.tellReconnected();
    if (this.wasReady && isOther) this.tellNewMaster();
    this.wasReady = true;
  }

  /** Whether a server takes writes that did not when this was asked last. One that was started again has its data. */
  private hasNewMaster(): boolean {
    const before = this.mastersAt;
    this.mastersAt = new Set(addressesOf(this.client));
    return [...this.mastersAt].some((address) => !before.has(address));
  }

  private tellNewMaster(): void {
    for (const listener of this.newMaster) listener();
  }

  private tellReconnected(): void {
    void this.clockThere.start(); // another server may have another time
    for (const listener of this.reconnected) listener();
  }

  private lost(): void {
    if (!this.wasReady || this.closing || this.lostAt !== undefined) return;
    this.lostAt = this.clock.monotonic();
    this.logger.error({ code: this.error ?? 'connection' }, 'Redis is away: no change is taken until it is back');
  }
}

/** Of the servers that take writes: where each node of a Cluster is to be found; where Sentinel's answer led to. */
const addressesOf = (client: Redis | Cluster): string[] => {
  if ('nodes' in client)
    return client.nodes('master').map(({ options: { host, port } }) => `${host ?? ''} ${String(port)}`);
  const { remoteAddress, remotePort } = client.stream;
  return [`${remoteAddress ?? ''} ${String(remotePort)}`];
};

const duplicate = (client: Redis | Cluster): Redis | Cluster =>
  'nodes' in client ? client.duplicate([], { lazyConnect: true }) : client.duplicate({ autoResubscribe: false });
