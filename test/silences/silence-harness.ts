import { ConfiguredSilences } from '../../src/silences/configured-silences.js';
import { Silences, type SilenceClient } from '../../src/silences/silence-client.js';
import { IncidentChanges } from '../../src/incidents/incident-changes.js';
import { IncidentCommandsService } from '../../src/incidents/incident-commands.service.js';
import { EachSilenced } from '../../src/incidents/each-silenced.js';
import { SilenceEnds } from '../../src/incidents/silence-ends.js';
import { SilenceRequests } from '../../src/incidents/silence-requests.js';
import { SilenceServers } from '../../src/incidents/silence-servers.js';
import { SilenceWatch } from '../../src/incidents/silence-watch.js';
import { SilencedAlerts } from '../../src/incidents/silenced-alerts.js';
import { DeliveryHarness } from '../support/delivery-harness.js';
import { ManualClock } from '../support/manual-clock.js';

/** A call of `put` that a test makes end otherwise than it would. */
export type PutHook = (put: () => Promise<string>) => Promise<string>;

/** The real clients, with a hook at the call that matters. */
class HookedSilences extends Silences {
  hook: PutHook = (put) => put();

  constructor(
    private readonly silences: Silences,
    private readonly harness: DeliveryHarness,
  ) {
    super();
  }

  override of(server: 'alertmanager' | 'grafana'): SilenceClient | undefined {
    const client = this.silences.of(server);
    if (client === undefined) return undefined;
    const watched = this.harness.watch(client);
    return Object.create(watched, {
      put: { value: (draft: Parameters<SilenceClient['put']>[0]) => this.hook(() => watched.put(draft)) },
    }) as SilenceClient;
  }
}

/** Incidents, commands and the watch over silences, with a clock that the test moves and whatever server it names. */
export class SilenceHarness {
  commands!: IncidentCommandsService;
  silences!: HookedSilences;
  private watches: SilenceWatch[] = [];

  private constructor(readonly slack: DeliveryHarness) {}

  static async start(alertmanagerUrl: string): Promise<SilenceHarness> {
    const clock = new ManualClock(Date.now());
    const slack = await DeliveryHarness.start({ ALERTMANAGER_URL: alertmanagerUrl }, 'off', clock);
    const harness = new SilenceHarness(slack);
    harness.assemble();
    return harness;
  }

  /** Another replica, which looks after the same silences at the same moments. */
  addReplica(): void {
    this.watchOver(this.assembled());
  }

  /** The watch is asked to stop, and says when it has. */
  async stopWatching(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.beforeApplicationShutdown()));
  }

  /** kill -9 and a start. */
  async crash(): Promise<void> {
    await this.slack.crash();
    this.assemble();
  }

  async close(): Promise<void> {
    await this.stopWatching();
    await this.slack.close();
  }

  private assemble(): void {
    for (const watch of this.watches) void watch.beforeApplicationShutdown();
    this.silences = new HookedSilences(new ConfiguredSilences(this.slack.config), this.slack);
    const parts = this.assembled();
    this.commands = parts.commands;
    this.watchOver(parts);
  }

  private assembled() {
    const { clock, config, logger } = this.slack;
    const { store, delivery } = this.slack.process;
    const changes = new IncidentChanges(store, delivery, config, clock);
    const requests = new SilenceRequests(this.silences, changes, logger);
    const commands = new IncidentCommandsService(store, changes, this.silences, requests, config);
    return { changes, requests, commands };
  }

  private watchOver({ changes, requests, commands }: ReturnType<SilenceHarness['assembled']>): void {
    const { clock, config, logger } = this.slack;
    const servers = new SilenceServers(this.silences, logger, clock);
    const each = new EachSilenced(logger);
    const ends = new SilenceEnds(servers, changes, clock, each);
    const alerts = new SilencedAlerts(servers, changes, config, clock, logger, each);
    const watch = new SilenceWatch(this.slack.process.store, requests, commands, ends, alerts, each, clock, logger);
    watch.onApplicationBootstrap();
    this.watches.push(watch);
  }
}
