import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import type { Message } from '../../simulator/workspace/message.js';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { buildDelivery } from '../../src/delivery/build-delivery.js';
import type { Delivery } from '../../src/delivery/delivery.js';
import { Pace } from '../../src/delivery/pace.js';
import type { ReconcilingDelivery } from '../../src/delivery/reconciling-delivery.js';
import type { Alert } from '../../src/domain/alert.js';
import type { PersonEvent } from '../../src/domain/events.js';
import type { IncidentThread, ThreadRecord } from '../../src/domain/record.js';
import { transition } from '../../src/domain/transition.js';
import { rulesOf } from '../../src/config/rules.js';
import { IncidentChanges } from '../../src/incidents/incident-changes.js';
import { IncidentsService } from '../../src/incidents/incidents.service.js';
import type { SlackClient } from '../../src/slack/slack-client.js';
import { WebApiSlackClient } from '../../src/slack/web-api-slack-client.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { InFlight } from './in-flight.js';
import { ManualClock } from './manual-clock.js';
import { RecordingLogger } from './recording-logger.js';

export const CHANNEL = 'C0ALERTS01';
export const OTHER_CHANNEL = 'C0PAYMENTS';

/** Time moves in steps of this many milliseconds; what falls due within one is one turn. */
const STEP_MS = 100;

interface Process {
  readonly folder: string;
  readonly store: ThreadStore;
  readonly file: FileThreadStore;
  readonly delivery: ReconcilingDelivery;
  readonly incidents: IncidentsService;
}

/**
 * The delivery with everything that it works with: the real file store on a real disk, the real Slack client against
 * the simulator, and a clock that the test moves. Nothing waits for real time, so ten minutes pass in a moment.
 */
export class DeliveryHarness {
  readonly logger = new RecordingLogger();
  readonly config: Config;
  private readonly inFlight = new InFlight();
  private processes: Process[] = [];
  /** Calls that a test holds back on purpose. */
  private held = 0;
  slack!: SlackClient;

  private constructor(
    readonly simulator: Simulator,
    readonly clock: ManualClock,
    environment: Record<string, string>,
  ) {
    this.config = loadConfig({
      SLACK_BOT_TOKEN: simulator.botToken,
      SLACK_CHANNEL: CHANNEL,
      SLACK_API_URL: simulator.apiUrl,
      ENVIRONMENT: 'production',
      WEBHOOK_WAIT: '0',
      ...environment,
    });
  }

  /** @param pace `slack`: the simulator answers 429 where Slack would */
  static async start(
    environment: Record<string, string> = {},
    pace: 'slack' | 'off' = 'off',
    clock = new ManualClock(),
  ): Promise<DeliveryHarness> {
    const simulator = await startSimulator({ pace, now: () => clock.now() });
    const harness = new DeliveryHarness(simulator, clock, environment);
    await harness.startProcess();
    return harness;
  }

  /** A process of the service, on a copy of the present one's file as it is on disk now, where there is one. */
  async startProcess(owner = `process-${String(this.processes.length + 1)}`): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'alert-threader-'));
    const before = this.processes.at(-1);
    if (before !== undefined) await cp(join(before.folder, 'threads.json'), join(folder, 'threads.json'));
    const { clock, logger, config } = this;
    const file = await FileThreadStore.open({
      file: join(folder, 'threads.json'),
      defaultChannel: CHANNEL,
      clock,
      logger,
    });
    const store = this.inFlight.watch<ThreadStore>(file);
    const { slackApiUrl: apiUrl, slackBotToken } = config;
    const client = new WebApiSlackClient({ token: slackBotToken.reveal(), apiUrl, timeoutMs: 2_000 });
    this.slack = client;
    const slack = this.inFlight.watch<SlackClient>(new Gate(client, this));
    const { slackPostsPerSecond: postsPerSecond, slackPostBurst: postBurst } = config;
    const pace = new Pace(clock, { postsPerSecond, postBurst });
    const delivery = buildDelivery({ store, slack, pace, config, clock, logger, random: () => 0.5, owner });
    const incidents = this.incidentsWith(store, delivery);
    this.processes.push({ folder, store, file, delivery, incidents });
    await delivery.start();
  }

  incidentsWith(store: ThreadStore, delivery: Delivery): IncidentsService {
    const changes = new IncidentChanges(store, delivery, this.config, this.clock);
    return new IncidentsService(store, delivery, this.config, changes);
  }

  /** kill -9 and a start: a new process on what is on disk. The old one's calls never come back. */
  async crash(): Promise<void> {
    const old = this.process;
    this.gates.clear();
    await this.startProcess();
    void old.delivery.stop();
    await this.settle();
  }

  get process(): Process {
    const process = this.processes.at(-1);
    if (process === undefined) throw new Error('no process');
    return process;
  }

  async receive(...alerts: Alert[]): Promise<void> {
    await this.receiveIn(CHANNEL, ...alerts);
  }

  async receiveIn(channel: string, ...alerts: Alert[]): Promise<void> {
    await this.process.incidents.receive(alerts.map((alert) => ({ alert, channel, truncated: 0 })));
    await this.settle();
  }

  /** A person acts on the incident of a record, as the next part of the product will let them. */
  async act(type: 'acknowledge' | 'resolve' | 'reopen', key: string, person = 'U0ANNA'): Promise<void> {
    const { store, delivery } = this.process;
    const rules = rulesOf(this.config);
    await store.update(key, CHANNEL, (record) => {
      const event: PersonEvent = {
        type,
        incidentId: record.current?.incident.id ?? '',
        actor: { kind: 'slack', id: person },
      };
      return transition(record, event, { now: this.clock.now(), rules, newIncidentId: () => '' }).next;
    });
    delivery.wake(key, CHANNEL);
    await this.settle();
  }

  /** Has calls of this object waited for before time goes on. */
  watch<T extends object>(target: T): T {
    return this.inFlight.watch(target);
  }

  async settle(): Promise<void> {
    await this.inFlight.settled(() => this.held);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.clock.advance(Math.min(left, STEP_MS), () => this.settle());
    }
  }

  async record(key: string, channel = CHANNEL): Promise<ThreadRecord | undefined> {
    return this.process.store.get(key, channel);
  }

  async thread(key: string, channel = CHANNEL): Promise<IncidentThread> {
    const thread = (await this.record(key, channel))?.current;
    if (!thread) throw new Error(`no current incident for ${key}`);
    return thread;
  }

  /** Messages that stand in the channel, oldest first. */
  roots(channel = CHANNEL): Message[] {
    return this.simulator.workspace.messages(channel).filter((message) => !message.deleted && !message.thread_ts);
  }

  replies(root: Message | undefined): Message[] {
    if (root === undefined) return [];
    return this.simulator.workspace.replies(root.channel, root.ts).filter((message) => !message.deleted);
  }

  /** Outcomes of the calls of a method, in order. */
  outcomes(method: string): string[] {
    return this.simulator.calls.filter((call) => call.method === method).map((call) => call.outcome);
  }

  /** Holds the next call of this kind: `before` it leaves, or `after` Slack took it. @returns lets it go */
  hold(method: 'post' | 'update' | 'delete', when: 'before' | 'after'): () => void {
    let release = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.gates.set(`${method} ${when}`, opened);
    return release;
  }

  readonly gates = new Map<string, Promise<void>>();

  /** Waits where a test holds this kind of call. */
  async gate(name: string): Promise<void> {
    const gate = this.gates.get(name);
    if (gate === undefined) return;
    this.gates.delete(name);
    this.held += 1;
    await gate;
    this.held -= 1;
  }

  async close(): Promise<void> {
    for (const { delivery, file, folder } of this.processes) {
      void delivery.stop();
      await file.close();
      await rm(folder, { recursive: true, force: true });
    }
    await this.simulator.close();
  }
}

/** The real client, with doors that a test can close. */
class Gate {
  constructor(
    private readonly client: SlackClient,
    private readonly harness: DeliveryHarness,
  ) {}

  private async through<T>(method: string, call: () => Promise<T>): Promise<T> {
    await this.harness.gate(`${method} before`);
    const result = await call();
    await this.harness.gate(`${method} after`);
    return result;
  }

  post = (...args: Parameters<SlackClient['post']>): ReturnType<SlackClient['post']> =>
    this.through('post', () => this.client.post(...args));
  update = (...args: Parameters<SlackClient['update']>): ReturnType<SlackClient['update']> =>
    this.through('update', () => this.client.update(...args));
  delete = (...args: Parameters<SlackClient['delete']>): ReturnType<SlackClient['delete']> =>
    this.through('delete', () => this.client.delete(...args));
  history = (...args: Parameters<SlackClient['history']>): ReturnType<SlackClient['history']> =>
    this.client.history(...args);
  replies = (...args: Parameters<SlackClient['replies']>): ReturnType<SlackClient['replies']> =>
    this.client.replies(...args);
  join = (channel: string): Promise<void> => this.client.join(channel);
  identity = (): ReturnType<SlackClient['identity']> => this.client.identity();
  openView = (...args: Parameters<SlackClient['openView']>): ReturnType<SlackClient['openView']> =>
    this.client.openView(...args);
  updateView = (...args: Parameters<SlackClient['updateView']>): ReturnType<SlackClient['updateView']> =>
    this.client.updateView(...args);
  publishHome = (...args: Parameters<SlackClient['publishHome']>): ReturnType<SlackClient['publishHome']> =>
    this.client.publishHome(...args);
  whisper = (...args: Parameters<SlackClient['whisper']>): ReturnType<SlackClient['whisper']> =>
    this.client.whisper(...args);
  reactions = (...args: Parameters<SlackClient['reactions']>): ReturnType<SlackClient['reactions']> =>
    this.client.reactions(...args);
  person = (userId: string): ReturnType<SlackClient['person']> => this.client.person(userId);
  usergroupMembers = (id: string): ReturnType<SlackClient['usergroupMembers']> => this.client.usergroupMembers(id);
  calls = (): ReturnType<SlackClient['calls']> => this.client.calls();
}
