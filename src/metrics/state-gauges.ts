import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { within } from '../health/within.js';
import { isOpen } from '../domain/incident.js';
import type { ThreadRecord } from '../domain/record.js';
import { ThreadStore, type ChannelBacklog, type IncidentFigures } from '../thread-store/thread-store.js';
import { ChannelNames } from './channel-names.js';

/** A store that needs longer is away as far as figures go: Prometheus waits 10 s by default, people set less. Milliseconds. */
const LIMIT_MS = 1_500;

/** What the store holds, read when somebody asks. What can't be read is absent. */
@Injectable()
export class StateGauges {
  private readonly up: Gauge;
  private readonly incidents: Gauge<'status' | 'severity'>;
  private readonly pending: Gauge<'channel'>;
  private readonly oldest: Gauge<'channel'>;
  private readonly folded: Gauge<'channel'>;
  private readonly channels: ChannelNames;
  private reading: Promise<void> | undefined;

  constructor(
    registry: Registry,
    private readonly store: ThreadStore,
    private readonly clock: Clock,
    { slackChannel, slackChannels }: Config,
  ) {
    const registers = [registry];
    this.channels = new ChannelNames([slackChannel, ...slackChannels]);
    this.up = new Gauge({
      name: 'alert_threader_store_up',
      help: '1 while the thread store takes changes, so that alerts are accepted; as GET /health/ready says.',
      registers,
    });
    this.incidents = new Gauge({
      name: 'alert_threader_incidents',
      help: 'Incidents in the thread store: open ones, and resolved ones until RETENTION is over. Absent while it can not be read.',
      labelNames: ['status', 'severity'],
      registers,
    });
    this.pending = new Gauge({
      name: 'alert_threader_pending_threads',
      help: 'Threads of which Slack does not show the latest yet. Absent while the thread store can not be read.',
      labelNames: ['channel'],
      registers,
    });
    this.oldest = new Gauge({
      name: 'alert_threader_oldest_pending_seconds',
      help: 'Age of the oldest change that Slack does not show yet, 0 when there is none. Absent while the thread store can not be read.',
      labelNames: ['channel'],
      registers,
    });
    this.folded = new Gauge({
      name: 'alert_threader_folded_problems',
      help: 'Problems without a thread of their own, because MAX_OPEN incidents are open: they are counted in one incident. Absent while the thread store can not be read.',
      labelNames: ['channel'],
      registers,
    });
  }

  /** Brings the gauges up to date, for all who ask at the same time. Never rejects, and is over in 2 s. */
  read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<void> {
    const [ping, overview, folds] = await Promise.allSettled([
      within(this.clock, LIMIT_MS, this.store.ping()),
      within(this.clock, LIMIT_MS, this.store.overview()),
      within(this.clock, LIMIT_MS, this.store.folds()),
    ]);
    this.up.set(ping.status === 'fulfilled' ? 1 : 0);
    for (const gauge of [this.incidents, this.pending, this.oldest, this.folded]) gauge.reset();
    if (overview.status === 'rejected' || folds.status === 'rejected') return;
    this.showFolds(folds.value);
    this.showIncidents(overview.value.incidents);
    this.showBacklog(overview.value.backlog);
  }

  private showIncidents(figures: IncidentFigures): void {
    for (const { status, severity, count } of figures) this.incidents.set({ status, severity }, count);
  }

  private showFolds(records: readonly ThreadRecord[]): void {
    for (const channel of this.channels.all()) this.folded.set({ channel }, 0);
    for (const { channel, current } of records) {
      if (current === null || !isOpen(current.incident)) continue;
      this.folded.inc({ channel: this.channels.of(channel) }, current.incident.fold?.problems ?? 0);
    }
  }

  private showBacklog(backlog: readonly ChannelBacklog[]): void {
    const now = this.clock.now();
    const shown = new Map<string, { threads: number; since: number }>();
    for (const { channel, threads, since } of backlog) {
      const name = this.channels.of(channel);
      const sum = shown.get(name) ?? { threads: 0, since: now };
      shown.set(name, { threads: sum.threads + threads, since: Math.min(sum.since, since) });
    }
    for (const channel of this.channels.all()) if (!shown.has(channel)) shown.set(channel, { threads: 0, since: now });
    for (const [channel, { threads, since }] of shown) {
      this.pending.set({ channel }, threads);
      this.oldest.set({ channel }, (now - since) / 1_000);
    }
  }
}
