import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { SilenceRequest } from '../domain/incident.js';
import type { ThreadRecord } from '../domain/record.js';
import { AppLogger } from '../logging/logger.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { EachSilenced } from './each-silenced.js';
import { IncidentCommandsService } from './incident-commands.service.js';
import { SilenceEnds } from './silence-ends.js';
import { SilenceRequests } from './silence-requests.js';
import { SilencedAlerts } from './silenced-alerts.js';
import type { SilencedThread } from './silenced-thread.js';

/** How soon the end of a silence is told, and an abandoned request found. Milliseconds. */
const LOOK_EVERY_MS = 5_000;
/** How often the servers are asked. Milliseconds. */
const ASK_EVERY_MS = 30_000;
/** A request that is older than this was left by a process that is gone. Milliseconds. */
const ABANDONED_AFTER_MS = 30_000;
/** Nobody expects a silence so long after the click. Milliseconds. */
const TOO_OLD_MS = 10 * 60_000;

/** At the end of the service, what runs has this long to finish. Milliseconds. */
const STOP_WITHIN_MS = 5_000;

/** Looks after what is silenced, as long as the service runs. */
@Injectable()
export class SilenceWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private cancel: () => void = () => undefined;
  private askedAt = -Infinity;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ThreadStore,
    private readonly requests: SilenceRequests,
    private readonly commands: IncidentCommandsService,
    private readonly ends: SilenceEnds,
    private readonly alerts: SilencedAlerts,
    private readonly each: EachSilenced,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
  ) {}

  onApplicationBootstrap(): void {
    this.again();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(STOP_WITHIN_MS, resolve);
      void this.looking.finally(() => {
        cancel();
        resolve();
      });
    });
  }

  private again(): void {
    if (this.stopped) return;
    this.cancel = this.clock.after(LOOK_EVERY_MS, () => {
      this.looking = this.look()
        .catch((error: unknown) => {
          this.logger.error({ err: error }, 'silences not looked after');
        })
        .finally(() => {
          this.again();
        });
    });
  }

  private async look(): Promise<void> {
    const silenced = (await this.store.silenced()).flatMap((record) =>
      record.current === null ? [] : [{ record, thread: record.current }],
    );
    for (const one of silenced) if (!this.stopped) await this.each.attempt(one, () => this.takeUp(one));
    const asks = this.clock.monotonic() - this.askedAt >= ASK_EVERY_MS;
    if (asks) this.askedAt = this.clock.monotonic();
    const now = this.clock.now();
    for (const server of ['alertmanager', 'grafana'] as const) {
      if (this.stopped) return;
      const present = silenced.filter(({ thread: { incident } }) => incident.silence?.server === server);
      const over = present.filter(({ thread: { incident } }) => (incident.silence?.until ?? Infinity) <= now);
      await this.ends.follow(server, asks ? present : over);
      if (asks) await this.alerts.poll(server, silenced);
    }
  }

  private async takeUp({ record, thread: { incident } }: SilencedThread): Promise<void> {
    const request = incident.silencing;
    if (request === undefined || this.requests.isRunning(request)) return;
    const now = this.clock.now();
    if (now - request.at < ABANDONED_AFTER_MS) return;
    if (now - request.at > TOO_OLD_MS || (!request.end && request.until <= now)) {
      await this.requests.drop(record, incident.id, request.id);
      this.failed(record, request, 'it was asked for too long ago');
      return;
    }
    const { error } = await this.requests.perform(record, incident, request, true);
    if (error !== undefined) this.failed(record, request, error.message);
  }

  private failed({ current }: ThreadRecord, request: SilenceRequest, why: string): void {
    if (current !== null) this.commands.tellSilenceFailed(current, request, why);
  }
}
