import { setTimeout as pause } from 'node:timers/promises';
import type { Simulator } from '../../simulator/simulator.js';
import { messageText } from '../../simulator/workspace/as-text.js';
import type { IncidentView } from '../../src/incidents/incident-view.js';
import type { Random } from './random.js';
import { CHANNEL, titleOf } from './slack-channel.js';
import type { WebhookSender } from './webhook-sender.js';
import { wideWebhook, type WideOptions } from './wide-webhooks.js';

/** The least that the service takes: a thread for each of so many problems, as a minimum. */
export const MAX_OPEN = '100';

const FAT_THREADS = 2;
const PROBLEMS = 400;
const PROBLEMS_A_WEBHOOK = 25;
const FLOOD = 'Flood of requests';
const FLOODING = 'Flood';
const MOST_BETWEEN_MS = 1_500;

/** Alerts of one key, 300 to 1,000 a webhook; some of them end. */
class FatThread {
  readonly title: string;
  /** Alerts that were sent, by number; those below `ended` are over. */
  private sent = 0;
  private ended = 0;

  constructor(
    private readonly name: string,
    /** Number of its first alert: a fingerprint is of one problem. */
    private readonly first: number,
    private readonly random: Random,
    private readonly sender: WebhookSender,
  ) {
    this.title = `${name} has many hosts`;
  }

  get counts(): { firing: number; resolved: number } {
    return { firing: this.sent - this.ended, resolved: this.ended };
  }

  async happen(): Promise<void> {
    const { random } = this;
    for (let left = 4; left > 0; left--) {
      const more = random.between(300, 1_000);
      await this.notify(more, { from: this.sent });
      this.sent += more;
      await pause(random.between(0, MOST_BETWEEN_MS));
      // as an Alertmanager does: all that fire are sent again
      if (random.chance(0.5)) await this.notify(this.sent - this.ended, { from: this.ended });
      const over = random.between(1, 300);
      await this.notify(over, { from: this.ended, status: 'resolved' });
      this.ended += over;
      await pause(random.between(0, MOST_BETWEEN_MS));
    }
  }

  private notify(count: number, options: WideOptions): Promise<void> {
    const labels = () => ({ alertname: this.name, severity: 'warning' });
    const from = this.first + (options.from ?? 0);
    const body = wideWebhook(count, { labels, title: this.title, ...options, from });
    return this.sender.send(JSON.parse(body) as object);
  }
}

/** What many alerts of one problem and problems without end come to, whatever happens to the service meanwhile. */
export class Crowds {
  private readonly fat: readonly FatThread[];
  private problemsOver = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly random: Random,
    private readonly sender: WebhookSender,
  ) {
    this.fat = Array.from(
      { length: FAT_THREADS },
      (_, n) => new FatThread(`Fat${n + 1}`, (n + 1) * 1_000_000, random, sender),
    );
  }

  get told(): string {
    const fat = this.fat.map(({ counts }) => `${counts.firing} and ${counts.resolved} over`);
    return `threads of ${fat.join(', ')} alerts; ${PROBLEMS} problems of one alertname, ${this.problemsOver} over`;
  }

  /** Whether a root with this title is about one of these. */
  readonly isAbout = (title: string): boolean =>
    [FLOOD, ...this.fat.map((thread) => thread.title)].some((end) => title.endsWith(` ${end}`)) ||
    title.includes(` problems of ${FLOODING}, folded`);

  async happen(): Promise<void> {
    await Promise.all([...this.fat.map((thread) => thread.happen()), this.flood()]);
  }

  /** A line for each count that is not what was sent, in GET /incidents or in Slack. */
  wrong(incidents: readonly IncidentView[]): string[] {
    return [...this.fat.flatMap((thread) => this.wrongThread(thread, incidents)), ...this.wrongFlood(incidents)];
  }

  /** The last of them end: those are folded. */
  private async flood(): Promise<void> {
    const { random } = this;
    for (let from = 0; from < PROBLEMS; from += PROBLEMS_A_WEBHOOK) {
      await this.notify(from);
      if (random.chance(0.2)) await this.notify(from);
      await pause(random.between(0, MOST_BETWEEN_MS));
    }
    for (let from = PROBLEMS / 2; from < (PROBLEMS * 3) / 4; from += PROBLEMS_A_WEBHOOK) {
      await this.notify(from, 'resolved');
      this.problemsOver += PROBLEMS_A_WEBHOOK;
      await pause(random.between(0, MOST_BETWEEN_MS));
    }
  }

  private notify(from: number, status: 'firing' | 'resolved' = 'firing'): Promise<void> {
    const labels = (n: number) => ({ alertname: FLOODING, severity: 'warning', service: `request-${n}` });
    const options = { from: from + 100_000, labels, title: FLOOD, status };
    return this.sender.send(JSON.parse(wideWebhook(PROBLEMS_A_WEBHOOK, options)) as object);
  }

  private wrongThread({ title, counts }: FatThread, incidents: readonly IncidentView[]): string[] {
    const own = incidents.filter((incident) => incident.title === title);
    const { firing, resolved } = counts;
    const line = `*Alerts:* ${firing} firing, ${resolved} resolved`;
    const counted = own.map(({ alert_counts }) => `${alert_counts.firing} and ${alert_counts.resolved}`).join('; ');
    return [
      ...(counted === `${firing} and ${resolved}` ? [] : [`${title}: ${counted}, not ${firing} and ${resolved}`]),
      ...this.wrongRoots(title, (root) => root.endsWith(` ${title}`), 1),
      ...this.textsOf((root) => root.endsWith(` ${title}`)).flatMap((text) =>
        text.includes(line) ? [] : [`${title} does not say "${line}"`],
      ),
    ];
  }

  private wrongFlood(incidents: readonly IncidentView[]): string[] {
    const own = incidents.filter(({ title }) => title === FLOOD);
    const folds = incidents.filter(({ folded }) => folded !== null);
    const [fold] = folds;
    if (fold === undefined || folds.length > 1) return [`${folds.length} folds`];
    const counts = { problems: own.length + (fold.folded?.problems ?? 0), firing: 0, resolved: 0 };
    for (const { alert_counts } of [...own, fold]) {
      counts.firing += alert_counts.firing;
      counts.resolved += alert_counts.resolved;
    }
    const sent = { problems: PROBLEMS, firing: PROBLEMS - this.problemsOver, resolved: this.problemsOver };
    const title = `${fold.folded?.problems ?? 0} problems of ${FLOODING}, folded`;
    const line = `*Alerts:* ${fold.alert_counts.firing} firing, ${fold.alert_counts.resolved} resolved`;
    return [
      ...(JSON.stringify(counts) === JSON.stringify(sent)
        ? []
        : [`${JSON.stringify(counts)}: ${JSON.stringify(sent)}`]),
      ...this.wrongRoots(FLOOD, (root) => root.endsWith(` ${FLOOD}`), own.length),
      ...this.wrongRoots(title, (root) => root.includes(` ${title}`), 1),
      ...this.textsOf((root) => root.includes(` ${title}`)).flatMap((text) =>
        text.includes(line) ? [] : [`${title} does not say "${line}"`],
      ),
    ];
  }

  private wrongRoots(what: string, isIt: (title: string) => boolean, count: number): string[] {
    const there = this.textsOf(isIt).length;
    return there === count ? [] : [`${what}: ${there} roots, not ${count}`];
  }

  private textsOf(isIt: (title: string) => boolean): string[] {
    return this.simulator.workspace
      .messages(CHANNEL)
      .filter((message) => !message.deleted && isIt(titleOf(message)))
      .map(messageText);
  }
}
