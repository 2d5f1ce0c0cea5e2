import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { severityClass, severityOf } from '../domain/alert.js';
import { fnv1a64 } from '../domain/fnv1a.js';
import { isOpen } from '../domain/incident.js';
import type { ThreadRecord } from '../domain/record.js';
import { ownValue } from '../domain/own-value.js';
import { AppLogger } from '../logging/logger.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { Batches, type Batch, type PlacedAlert } from './alert-batches.js';
import { foldKey, foldOf, foldOfEnd, isFarFrom, type FoldReason } from './fold-rules.js';

/** What is known of a channel is not asked for again in this time, as long as it is far from MAX_OPEN. Milliseconds. */
const FRESH_MS = 1_000;
/** Records that are looked at together. */
const AT_A_TIME = 200;

/** A channel's live incidents, counted on while problems come. */
interface Channel {
  readonly at: number;
  all: number;
  inChannel: number;
  open: number;
  readonly openFolds: Set<string>;
  /** Open ones, and those that ended and are not in the history yet. */
  readonly folds: ReadonlySet<string>;
  /** SLACK_CHANNEL has a fold of problems with any name. */
  readonly hasFoldOfAll: boolean;
  readonly named: Map<string, number>;
}

/**
 * Keeps the number of threads within MAX_OPEN: further problems of an alertname that has many are counted in one incident.
 * A webhook on the way there costs a few look-ups; far from there, nothing.
 */
@Injectable()
export class Folding {
  private readonly channels = new Map<string, Channel>();

  constructor(
    private readonly store: ThreadStore,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly logger: AppLogger,
  ) {}

  /** The batches, with problems that are too many moved to the records of folds. */
  async route(batches: readonly Batch[]): Promise<readonly Batch[]> {
    const channels = [...new Set(batches.map(({ channel }) => channel))];
    const [only] = channels;
    if (only === undefined) return batches;
    if (channels.length === 1) return this.routeIn(only, batches);
    const routed: (readonly Batch[])[] = [];
    for (const name of channels)
      routed.push(
        await this.routeIn(
          name,
          batches.filter(({ channel }) => channel === name),
        ),
      );
    return routed.flat();
  }

  private async routeIn(name: string, batches: readonly Batch[]): Promise<readonly Batch[]> {
    const channel = await this.channel(name, batches.length);
    const { maxOpen } = this.config;
    if (isCalm(channel) && isFarFrom(channel, batches.length, maxOpen)) {
      add(channel, batches.length); // at most: those that are known count twice until the store is asked again
      return batches;
    }
    const routed = new Batches();
    for (let at = 0; at < batches.length; at += AT_A_TIME) {
      const some = batches.slice(at, at + AT_A_TIME);
      const live = await Promise.all(some.map((batch) => this.isLive(batch)));
      for (const [i, batch] of some.entries()) {
        const fold = live[i] === true ? undefined : await this.foldFor(batch, channel, maxOpen);
        for (const alert of batch.alerts) {
          if (fold === undefined) routed.add(batch.key, batch.channel, alert);
          else routed.add(fold.key, fold.channel, { ...alert, problem: this.problem(alert, fold.alertname) });
        }
      }
    }
    return routed.all;
  }

  private async channel(name: string, coming: number): Promise<Channel> {
    const now = this.clock.monotonic();
    const known = this.channels.get(name);
    const isFresh = known !== undefined && now - known.at < FRESH_MS;
    if (isFresh && isCalm(known) && isFarFrom(known, coming, this.config.maxOpen)) return known;
    const [live, folds] = await Promise.all([this.store.live(name), this.store.folds()]);
    const here = folds.filter((record) => record.channel === name);
    const channel: Channel = {
      at: now,
      ...live,
      openFolds: new Set(here.filter(isOpenFold).map(nameOf)),
      folds: new Set(here.map(nameOf)),
      hasFoldOfAll: folds.some((record) => record.channel === this.config.slackChannel && nameOf(record) === ''),
      named: new Map<string, number>(),
    };
    if (this.channels.size >= 1_000) this.channels.clear(); // a sender may name any number
    this.channels.set(name, channel);
    return channel;
  }

  /** Whether the problem has an incident, or a thread, to go on with. */
  private async isLive({ key, channel }: Batch): Promise<boolean> {
    const record = await this.store.get(key, channel);
    return record !== undefined && (record.current !== null || record.adopt !== undefined);
  }

  private async foldFor(
    batch: Batch,
    channel: Channel,
    maxOpen: number,
  ): Promise<{ readonly key: string; readonly channel: string; readonly alertname: string } | undefined> {
    const { environment, slackChannel } = this.config;
    const firing = batch.alerts.find(({ received }) => received.alert.status === 'firing')?.received.alert;
    const alertname = (firing ?? batch.alerts[0]?.received.alert)?.labels['alertname'] ?? '';
    const into = (name: string, where: string) => ({
      key: foldKey(name, environment),
      channel: where,
      alertname: name,
    });
    if (firing === undefined) {
      const end = foldOfEnd(alertname, channel.folds);
      if (end !== undefined) return into(end, batch.channel);
      return channel.hasFoldOfAll ? into('', slackChannel) : undefined;
    }
    const named = channel.named.get(alertname) ?? (await this.store.liveNamed(batch.channel, alertname));
    const isCritical = severityClass(severityOf(firing)) === 'critical';
    const decision = foldOf(alertname, isCritical, { ...channel, named }, maxOpen);
    if (decision === undefined) {
      channel.named.set(alertname, named + 1);
      add(channel, 1);
      return undefined;
    }
    if (!channel.openFolds.has(decision.alertname)) this.tell(decision.reason, batch.channel, alertname, named);
    channel.openFolds.add(decision.alertname);
    // With channels without end a fold in each of them would be none.
    return into(decision.alertname, decision.reason === 'too-many' ? slackChannel : batch.channel);
  }

  private problem({ key, received: { alert } }: PlacedAlert, alertname: string): NonNullable<PlacedAlert['problem']> {
    const labels = alertname === '' ? ['alertname', ...this.config.threadKeyLabels] : this.config.threadKeyLabels;
    const values = [...new Set(labels)]
      .filter((label) => alertname === '' || label !== 'alertname')
      .map((label) => [label, ownValue(alert.labels, label) ?? ''] as const);
    return { id: fnv1a64(`problem ${key}`), alertname, values };
  }

  private tell(reason: FoldReason, channel: string, alertname: string, named: number): void {
    const { maxOpen } = this.config;
    this.logger.warn(
      { reason, channel, alertname: alertname.slice(0, 100), named, maxOpen },
      'too many incidents are open: further problems are counted in one incident',
    );
  }
}

const add = (channel: Channel, problems: number): void => {
  channel.all += problems;
  channel.inChannel += problems;
  channel.open += problems;
};

const isCalm = ({ folds, hasFoldOfAll }: Channel): boolean => folds.size === 0 && !hasFoldOfAll;

const nameOf = ({ current }: ThreadRecord): string => current?.incident.fold?.alertname ?? '';

const isOpenFold = ({ current }: ThreadRecord): boolean => current !== null && isOpen(current.incident);
