import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { serverOf, type AlertServer, type AlertState, type Incident } from '../domain/incident.js';
import { matchersOf } from '../domain/matcher.js';
import { ownValue } from '../domain/own-value.js';
import { memberId } from '../domain/roll.js';
import { unheardAlerts } from '../domain/silence-rules.js';
import { transition } from '../domain/transition.js';
import { AppLogger } from '../logging/logger.js';
import type { SourceAlert } from '../silences/silence-client.js';
import { AbsentAlerts } from './absent-alerts.js';
import { EachSilenced } from './each-silenced.js';
import { IncidentChanges } from './incident-changes.js';
import { SilenceServers } from './silence-servers.js';
import type { SilencedThread } from './silenced-thread.js';

/** Finds alerts that ended while they were silenced: Alertmanager sends nothing of those. */
@Injectable()
export class SilencedAlerts {
  private readonly absent = new AbsentAlerts();

  constructor(
    private readonly servers: SilenceServers,
    private readonly changes: IncidentChanges,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
    private readonly each: EachSilenced,
  ) {}

  /** Asks the server once. @param silenced every thread that is looked after, of this server or another */
  async poll(server: AlertServer, silenced: readonly SilencedThread[]): Promise<void> {
    this.absent.keepOnly(new Set(silenced.map(({ thread }) => thread.incident.id)));
    const unheard: SilencedThread[] = [];
    for (const one of silenced) {
      await this.each.attempt(one, () => {
        const { incident } = one.thread;
        if (serverOf(incident) === server && unheardAlerts(incident).length > 0) unheard.push(one);
      });
    }
    if (unheard.length === 0) return;
    const up = await this.servers.ask(server, async (client) => ({ since: await client.startedAt() }));
    for (const { record, thread } of unheard) {
      await this.each.attempt({ record, thread }, async () => {
        const { incident } = thread;
        const listed = up && (await this.servers.ask(server, (client) => client.alerts(this.matchers(incident))));
        // Nobody knows whether a server that was away was restarted meanwhile.
        if (listed === undefined) this.absent.forget(incident.id);
        else await this.compare({ record, thread }, listed, up?.since ?? null);
      });
    }
  }

  private async compare(
    { record, thread: { incident } }: SilencedThread,
    listed: readonly SourceAlert[],
    startedAt: number | null,
  ): Promise<void> {
    const missing = unheardAlerts(incident).filter((alert) => !isListed(alert, listed));
    const names = missing.map(({ fingerprint }) => fingerprint);
    const over = this.absent.polled(incident.id, names, startedAt, this.clock.now());
    for (const { lastSeenAt: _, ...alert } of missing) {
      if (!over.includes(alert.fingerprint)) continue;
      const event = { type: 'alert', alert: { ...alert, status: 'resolved', endsAt: null } } as const;
      const { reason } = await this.changes.change(record, (before, context) => transition(before, event, context), [
        memberId(alert.fingerprint),
      ]);
      this.logger.info({ incidentId: incident.id, fingerprint: alert.fingerprint, reason }, 'ended while silenced');
    }
  }

  private matchers(incident: Incident): ReturnType<typeof matchersOf> {
    return matchersOf(incident, this.config.threadKeyLabels);
  }
}

/** A sender without fingerprints got ours: its alerts are known by their labels. */
const isListed = ({ fingerprint, labels }: AlertState, listed: readonly SourceAlert[]): boolean =>
  listed.some(
    (alert) =>
      alert.fingerprint === fingerprint ||
      Object.entries(labels).every(([name, value]) => ownValue(alert.labels, name) === value),
  );
