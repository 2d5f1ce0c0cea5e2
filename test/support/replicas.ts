import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.js';
import type { IncidentView } from '../../src/incidents/incident-view.js';
import { allIncidents } from './all-incidents.js';
import { eventually, type EventuallyOptions } from './eventually.js';
import { RedisServer, type RedisOptions } from './redis-server.js';
import { NO_PACE, withPeople } from './service-environment.js';
import { endServices, ServiceProcess, type ServiceLogLine } from './service-process.js';

export interface ReplicasOptions {
  /** Default 3. */
  readonly count?: number;
  /** Default `{ pace: 'off' }`. */
  readonly simulated?: SimulatorOptions;
  readonly redis?: RedisOptions;
  /** Settings of the service beyond those for Slack and Redis; by default as fast as they allow. */
  readonly settings?: Readonly<Record<string, string>>;
}

const ERROR = 50;

/** Replicas of the service on one Redis and one simulated Slack, as behind a load balancer that knows no health. */
export class Replicas {
  private readonly present: ServiceProcess[] = [];
  private readonly gone: ServiceProcess[] = [];
  private turn = 0;
  /** Starts that came to nothing because Redis was away. */
  refusedStarts = 0;

  private constructor(
    readonly redis: RedisServer,
    readonly simulator: Simulator,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Resolves once all of them take requests and clicks. */
  static async start(options: ReplicasOptions = {}): Promise<Replicas> {
    const { count = 3, simulated = { pace: 'off' }, settings = NO_PACE } = options;
    const redis = await RedisServer.start(options.redis);
    const simulator = await startSimulator(simulated);
    const env = withPeople(simulator, {
      THREAD_STORE: 'redis',
      REDIS_URL: redis.url,
      WEBHOOK_WAIT: '0',
      ...settings,
    });
    const replicas = new Replicas(redis, simulator, env);
    try {
      for (let n = 0; n < count; n++) replicas.startAgain(n);
      await replicas.connected();
    } catch (error) {
      await replicas.end();
      throw error;
    }
    return replicas;
  }

  get all(): readonly ServiceProcess[] {
    return this.present;
  }

  at(n: number): ServiceProcess {
    const service = this.present[n];
    if (service === undefined) throw new Error(`there is no replica ${n}`);
    return service;
  }

  /** A new process in the place of one that has ended; does not wait until it listens. */
  startAgain(n: number): ServiceProcess {
    const before = this.present[n];
    if (before !== undefined) this.gone.push(before);
    const service = new ServiceProcess({ env: this.env });
    this.present[n] = service;
    void service.exited.then(({ code }) => {
      // without Redis a start ends, and whoever watches over the process starts it again
      if (code !== 1 || service.isListening || this.present[n] !== service) return;
      this.refusedStarts += 1;
      void service.refusal();
      this.startAgain(n);
    });
    return service;
  }

  /** Its process does nothing until `resume`, and all its connections stay open. */
  pause(n: number): void {
    process.kill(this.at(n).pid, 'SIGSTOP');
  }

  resume(n: number): void {
    process.kill(this.at(n).pid, 'SIGCONT');
  }

  /** The next replica's address, in turn; one that is paused counts. Undefined: none listens. */
  readonly where = (): string | undefined => {
    const listening = this.present.filter((service) => service.isListening && !service.hasEnded);
    const service = listening[this.turn++ % Math.max(1, listening.length)];
    return service?.url;
  };

  /** Waits until every replica takes requests and has its socket. */
  async connected(): Promise<void> {
    await Promise.all(this.present.map((service) => service.ready()));
    await this.until('every socket', async () => {
      const states = await this.stats(({ socket }) => socket.state as string);
      return states.every((state) => state === 'connected');
    });
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  stats<T>(of: (stats: any) => T): Promise<T[]> {
    return Promise.all(this.present.map(async (service) => of((await service.get('/stats')).body)));
  }

  /** Every incident of GET /incidents, page by page. */
  incidents(): Promise<IncidentView[]> {
    return allIncidents(this.at(0));
  }

  /** Resolves once no replica has anything to do for Slack. */
  async idle(timeoutMs = 60_000): Promise<void> {
    await this.until(
      'empty queues',
      async () => (await this.stats(({ queue }) => queue.depth === 0 && queue.ready === 0)).every(Boolean),
      { timeoutMs },
    );
  }

  async until(what: string, probe: () => Promise<boolean> | boolean, options: EventuallyOptions = {}): Promise<void> {
    await eventually(what, probe, {
      ...options,
      instead: () => [options.instead?.() ?? '', ...this.present.map(lastLines)].join('\n'),
    });
  }

  /** Lines of all processes, past ones too, that tell of an error other than those that a missing Redis brings. */
  get errors(): ServiceLogLine[] {
    return [...this.gone, ...this.present].flatMap(({ log }) =>
      log.filter((line) => line.level >= ERROR && !isOfStore(line)),
    );
  }

  /** SIGTERM for all, each within its time. */
  async stop(): Promise<void> {
    await Promise.all(this.present.map((service) => service.stop()));
  }

  async end(): Promise<void> {
    this.present.length = 0;
    await endServices();
    await this.simulator.close();
    await this.redis.dispose();
  }
}

/** Redis was away: a request was answered 503, a click "try again", and the log says so. */
const isOfStore = ({ statusCode, err, msg }: ServiceLogLine): boolean =>
  statusCode === 503 ||
  (err as { type?: string } | undefined)?.type === 'StoreUnavailableError' ||
  msg.startsWith('Redis is away');

const lastLines = ({ log, pid, stderr }: ServiceProcess): string =>
  [`replica ${pid}:`, ...log.slice(-12).map((line) => JSON.stringify(line)), stderr].join('\n');
