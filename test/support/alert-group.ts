import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';
import type { WebhookSender } from './webhook-sender.js';

const MOST_BETWEEN_STEPS_MS = 2_500;
/** A card names five. */
const MOST_ALERTS = 4;

interface GroupAlert {
  readonly instance: string;
  readonly startsAt: string;
  endsAt?: string;
}

/**
 * A problem as Alertmanager tells it: alerts of one group that fire, join and resolve, one webhook at a time, with every
 * alert that fires and those that resolved since the last one.
 */
export class AlertGroup {
  readonly alerts: GroupAlert[] = [];
  readonly severity: string;
  private readonly alertname: string;
  private told = new Set<GroupAlert>();

  constructor(
    readonly title: string,
    private readonly random: Random,
    private readonly sender: WebhookSender,
  ) {
    this.alertname = title.replaceAll(' ', '');
    this.severity = random.pick(['critical', 'warning', 'error']);
  }

  get firing(): GroupAlert[] {
    return this.alerts.filter(({ endsAt }) => endsAt === undefined);
  }

  get isOver(): boolean {
    return this.firing.length === 0;
  }

  /** The whole story of the problem, with pauses. */
  async happen(): Promise<void> {
    const { random } = this;
    this.fire();
    await this.notify();
    const most = random.between(1, MOST_ALERTS);
    for (let left = random.between(1, 6); left > 0; left--) {
      await pause(random.between(0, MOST_BETWEEN_STEPS_MS));
      if (this.alerts.length < most && random.chance(0.6)) this.fire();
      else if (this.firing.length > 1) this.resolve(random.pick(this.firing));
      await this.notify();
    }
    if (random.chance(0.3)) return; // goes on for longer than this test
    await pause(random.between(0, MOST_BETWEEN_STEPS_MS));
    for (const alert of this.firing) this.resolve(alert);
    await this.notify();
  }

  /** Fires on and on, with an alert that joins or resolves now and then; then its end, or none. */
  async goOn(ended: () => boolean, everyMs: number): Promise<void> {
    const { random } = this;
    while (this.alerts.length < MOST_ALERTS) this.fire();
    await this.notify(); // what is over before it was ever told counts nowhere
    while (!ended()) {
      const next = pause(everyMs);
      if (this.firing.length > 1 && random.chance(0.1)) this.resolve(random.pick(this.firing));
      await Promise.all([this.notify(), next]);
    }
    if (random.chance(0.5)) return;
    for (const alert of this.firing) this.resolve(alert);
    await this.notify();
  }

  private fire(): void {
    this.alerts.push({ instance: `host${this.alerts.length + 1}`, startsAt: new Date().toISOString() });
  }

  private resolve(alert: GroupAlert): void {
    alert.endsAt = new Date().toISOString();
  }

  private async notify(): Promise<void> {
    const shown = this.alerts.filter((alert) => !this.told.has(alert));
    const body = {
      version: '4',
      groupKey: `{}:{alertname="${this.alertname}"}`,
      status: this.isOver ? 'resolved' : 'firing',
      receiver: 'alert-threader',
      groupLabels: { alertname: this.alertname },
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://alertmanager.example.com',
      truncatedAlerts: 0,
      alerts: shown.map(({ instance, startsAt, endsAt }) => ({
        status: endsAt === undefined ? 'firing' : 'resolved',
        labels: { alertname: this.alertname, severity: this.severity, service: 'shop', instance },
        annotations: { summary: this.title, description: `${instance} is in trouble` },
        startsAt,
        endsAt: endsAt ?? '0001-01-01T00:00:00Z',
        generatorURL: '',
      })),
    };
    await this.sender.send(body);
    // the other one of a pair of Alertmanagers
    if (this.random.chance(0.1)) await this.sender.send(body);
    this.told = new Set(this.alerts.filter(({ endsAt }) => endsAt !== undefined));
  }
}
