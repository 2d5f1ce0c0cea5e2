import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import type { Message } from '../../simulator/workspace/message.js';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { buildDelivery, type DeliveryNeeds } from '../../src/delivery/build-delivery.js';
import type { Delivery } from '../../src/delivery/delivery.js';
import { LEASE_MS } from '../../src/domain/lease.js';
import { InProcessPace } from '../../src/delivery/in-process-pace.js';
import type { ReconcilingDelivery } from '../../src/delivery/reconciling-delivery.js';
import type { Alert } from '../../src/domain/alert.js';
import type { PersonEvent } from '../../src/domain/events.js';
import type { IncidentThread, ThreadRecord } from '../../src/domain/record.js';
import { transition } from '../../src/domain/transition.js';
import { rulesOf } from '../../src/config/rules.js';
import { Folding } from '../../src/incidents/folding.js';
import { IncidentChanges } from '../../src/incidents/incident-changes.js';
import { IncidentsService } from '../../src/incidents/incidents.service.js';
import type { SlackClient } from '../../src/slack/slack-client.js';
import { WebApiSlackClient } from '../../src/slack/web-api-slack-client.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import type { ThreadStore } from '../../src/thread-store/thread-store.js';
import { CallGates } from './call-gates.js';
import { GatedSlack } from './gated-slack.js';
import { InFlight } from './in-flight.js';
import { ManualClock } from './manual-clock.js';
import { remote, SharedPace, WakeUpBus } from './shared-parts.js';
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
  private readonly gates = new CallGates();
  slack!: SlackClient;
  /** Of all replicas, where there are several. */
  pace: SharedPace | undefined;
  readonly bus = new WakeUpBus();
  private readonly lossListeners: (() => void)[] = [];
  private maxHistory: number | undefined;

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

  /**
   * @param pace `slack`: the simulator answers 429 where Slack would
   * @param maxHistory finished incidents that are kept at most
   */
  static async start(
    environment: Record<string, string> = {},
    pace: 'slack' | 'off' = 'off',
    clock = new ManualClock(),
    maxHistory?: number,
  ): Promise<DeliveryHarness> {
    const simulator = await startSimulator({ pace, now: () => clock.now() });
    const harness = new DeliveryHarness(simulator, clock, environment);
    harness.maxHistory = maxHistory;
    await harness.startProcess();
    return harness;
  }

  /** Several replicas of the service on one store, with one pace. */
  static async replicas(
    count: number,
    environment: Record<string, string> = {},
    pace: 'slack' | 'off' = 'off',
  ): Promise<DeliveryHarness> {
    const clock = new ManualClock();
    clock.together = true;
    const simulator = await startSimulator({ pace, now: () => clock.now() });
    const harness = new DeliveryHarness(simulator, clock, environment);
    const opened = await harness.openStore();
    const { slackPostsPerSecond: postsPerSecond, slackPostBurst: postBurst } = harness.config;
    harness.pace = harness.inFlight.watch(new SharedPace(clock, { postsPerSecond, postBurst }));
    const store = harness.inFlight.watch(remote(opened.file));
    for (let i = 0; i < count; i++) {
      const shared = { leaseMs: LEASE_MS, wakeUps: harness.bus.join(), onLoss: harness.onLoss };
      await harness.startDelivery({ ...opened, store }, `replica-${String(i + 1)}`, shared);
    }
    return harness;
  }

  /** A process of the service, on a copy of the present one's file as it is on disk now, where there is one. */
  async startProcess(owner = `process-${String(this.processes.length + 1)}`): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'alert-threader-'));
    const before = this.processes.at(-1);
    if (before !== undefined) await cp(join(before.folder, 'threads.json'), join(folder, 'threads.json'));
    const opened = await this.openStore(folder);
    await this.startDelivery({ ...opened, store: this.inFlight.watch<ThreadStore>(opened.file) }, owner);
  }

  private async openStore(folder?: string): Promise<Pick<Process, 'folder' | 'file'>> {
    const { clock, logger } = this;
    const there = folder ?? (await mkdtemp(join(tmpdir(), 'alert-threader-')));
    const file = await FileThreadStore.open({
      file: join(there, 'threads.json'),
      defaultChannel: CHANNEL,
      clock,
      logger,
    });
    return { folder: there, file };
  }

  private async startDelivery(
    { folder, file, store }: Pick<Process, 'folder' | 'file' | 'store'>,
    owner: string,
    shared?: DeliveryNeeds['shared'],
  ): Promise<void> {
    const { clock, logger, config } = this;
    const { slackApiUrl: apiUrl, slackBotToken } = config;
    const client = new WebApiSlackClient({ token: slackBotToken.reveal(), apiUrl, timeoutMs: 2_000 });
    this.slack = client;
    const slack = this.inFlight.watch<SlackClient>(new GatedSlack(client, (name) => this.gates.pass(name)));
    const { slackPostsPerSecond: postsPerSecond, slackPostBurst: postBurst } = config;
    const pace = this.pace ?? new InProcessPace(clock, { postsPerSecond, postBurst });
    const needs = { store, slack, pace, config, clock, logger, random: () => 0.5, owner };
    const { maxHistory } = this;
    const delivery = buildDelivery({
      ...needs,
      ...(shared && { shared }),
      ...(maxHistory !== undefined && { maxHistory }),
    });
    const incidents = this.incidentsWith(store, delivery);
    this.processes.push({ folder, store, file, delivery, incidents });
    await delivery.start();
  }

  incidentsWith(store: ThreadStore, delivery: Delivery): IncidentsService {
    const changes = new IncidentChanges(store, delivery, this.config, this.clock);
    const folding = new Folding(store, this.config, this.clock, this.logger);
    return new IncidentsService(store, delivery, this.config, changes, folding);
  }

  private readonly onLoss = (listener: () => void): void => void this.lossListeners.push(listener);

  /** A fail-over: another server takes over, which has the record as it was then. */
  async storeForgets(key: string, then: ThreadRecord): Promise<void> {
    await this.process.store.update(key, CHANNEL, () => then);
    for (const tell of this.lossListeners) tell();
    for (const { delivery } of this.processes) delivery.wake(key, CHANNEL);
    await this.settle();
  }

  /** kill -9 and a start: a new process on what is on disk. The old one's calls never come back. */
  async crash(): Promise<void> {
    const old = this.process;
    this.gates.clear();
    await this.startProcess();
    void old.delivery.stop();
    await this.settle();
  }

  get replicas(): readonly Process[] {
    return this.processes;
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

  async receiveAt(replica: number | 'all', ...alerts: Alert[]): Promise<void> {
    const to = this.processes.filter((_, i) => replica === 'all' || replica === i);
    const received = alerts.map((alert) => ({ alert, channel: CHANNEL, truncated: 0 }));
    await Promise.all(to.map(({ incidents }) => incidents.receive(received)));
    await this.settle();
  }

  /** A person acts on the incident of a record, as the next part of the product will let them. */
  async act(type: 'acknowledge' | 'resolve' | 'reopen', key: string, person = 'U0ANNA'): Promise<void> {
    const { store, delivery } = this.process;
    const rules = rulesOf(this.config);
    await store.update(key, CHANNEL, (record, rolls) => {
      const event: PersonEvent = {
        type,
        incidentId: record.current?.incident.id ?? '',
        actor: { kind: 'slack', id: person },
      };
      return transition(record, event, { now: this.clock.now(), rules, newIncidentId: () => '', rolls }).next;
    });
    delivery.wake(key, CHANNEL);
    await this.settle();
  }

  /** Has calls of this object waited for before time goes on. */
  watch<T extends object>(target: T): T {
    return this.inFlight.watch(target);
  }

  async settle(): Promise<void> {
    await this.inFlight.settled(() => this.gates.held);
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

  /** See {@link CallGates.hold}. */
  hold(...call: Parameters<CallGates['hold']>): ReturnType<CallGates['hold']> {
    return this.gates.hold(...call);
  }

  async close(): Promise<void> {
    for (const { delivery } of this.processes) void delivery.stop();
    for (const { file, folder } of this.processes) {
      await file.close();
      await rm(folder, { recursive: true, force: true });
    }
    await this.simulator.close();
  }
}
