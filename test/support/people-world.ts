import type { Person } from '../../simulator/people/person.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.js';
import { NO_PACE, withPeople } from './service-environment.js';
import {
  endServices,
  startService,
  type HttpAnswer,
  type ServiceOptions,
  type ServiceProcess,
} from './service-process.js';
import { SlackChannel, type SlackThread } from './slack-channel.js';

export const TITLE = '🚨 Database is down';

/** An alert as a webhook has it. */
export const databaseDown = (instance = 'db01', change: Record<string, unknown> = {}): object => ({
  status: 'firing',
  labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'db', cluster: 'eu', instance },
  annotations: { summary: 'Database is down' },
  startsAt: '2024-01-15T14:30:25Z',
  ...change,
});

export const isOver = { status: 'resolved', endsAt: '2024-01-15T14:45:30Z' };

export interface IncidentSummary {
  readonly id: string;
  readonly status: string;
  readonly timeline: readonly { readonly kind: string }[];
}

export interface PeopleWorldOptions extends Pick<ServiceOptions, 'file' | 'command'> {
  readonly simulated?: SimulatorOptions;
  /** False: does not wait until clicks reach the service. */
  readonly connect?: boolean;
}

/** The service as a process, a Slack workspace with people in it, and what they do. */
export class PeopleWorld {
  private constructor(
    readonly simulator: Simulator,
    private present: ServiceProcess,
    readonly channel: SlackChannel,
    private readonly options: ServiceOptions,
  ) {}

  /** Resolves once clicks reach the service. */
  static async start(
    settings: Record<string, string> = {},
    { simulated = {}, connect = true, ...others }: PeopleWorldOptions = {},
  ): Promise<PeopleWorld> {
    const simulator = await startSimulator({ pace: 'off', ...simulated });
    const env = withPeople(simulator, { ...NO_PACE, WEBHOOK_WAIT: '0', ...settings });
    const options = { env, ...others };
    const started = startService(options);
    started.catch(() => simulator.close());
    const service = await started;
    const world = new PeopleWorld(simulator, service, new SlackChannel(simulator), options);
    if (connect) await world.connected();
    return world;
  }

  get service(): ServiceProcess {
    return this.present;
  }

  /** A new process after the present one has ended, on the store's file that `start` was given. */
  async startAgain(file: string, settings: Record<string, string> = {}): Promise<void> {
    this.present = await startService({ ...this.options, env: { ...this.options.env, ...settings }, file });
    await this.connected();
  }

  get alice(): Person {
    return this.simulator.person('alice');
  }

  get bob(): Person {
    return this.simulator.person('bob');
  }

  async connected(): Promise<void> {
    await this.service.until('a socket', async () => {
      const { body } = await this.service.get('/stats');
      return body.socket.state === 'connected';
    });
  }

  post(...alerts: object[]): Promise<HttpAnswer> {
    return this.service.post('/alert', { version: '4', status: 'firing', alerts });
  }

  /** An alert fires, and its thread is there. */
  async fires(...alerts: object[]): Promise<SlackThread> {
    await this.post(...(alerts.length === 0 ? [databaseDown()] : alerts));
    return this.channel.expectThread(TITLE);
  }

  /** Every incident of GET /incidents, in short. */
  async incidents(): Promise<readonly IncidentSummary[]> {
    const { body } = await this.service.get('/incidents?limit=200');
    return body.items as readonly IncidentSummary[];
  }

  /** The only incident, as GET /incidents shows it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  async incident(): Promise<any> {
    const { body } = await this.service.get('/incidents');
    if (body.items.length !== 1) throw new Error(`expected one incident, got ${String(body.items.length)}`);
    return body.items[0] as unknown;
  }

  async end(): Promise<void> {
    await endServices();
    await this.simulator.close();
  }
}
