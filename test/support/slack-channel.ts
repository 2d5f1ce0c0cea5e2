import type { Simulator } from '../../simulator/simulator.js';
import { channelAsText, messageText } from '../../simulator/workspace/as-text.js';
import type { Person } from '../../simulator/people/person.js';
import type { Outcome } from '../../simulator/sockets/envelope.js';
import type { Message } from '../../simulator/workspace/message.js';
import type { View } from '../../simulator/workspace/view.js';
import type { ServiceProcess } from './service-process.js';

export const CHANNEL = 'C0ALERTS01';

type Text = string | RegExp;

const matches = (text: string, wanted: Text): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text);

/** A message's first line as people see it: its header, or its text where it has none. */
export const titleOf = (message: Message): string => {
  const [first] = message.blocks;
  const header = first?.type === 'header' ? (first['text'] as { text: string }).text : undefined;
  return header ?? messageText(message).split('\n')[0] ?? '';
};

/** What a test expects to read in a Slack channel. Messages that it did not expect fail `expectNothingElse`. */
export class SlackChannel {
  private readonly expected = new Set<string>();

  constructor(
    readonly simulator: Simulator,
    readonly id = CHANNEL,
  ) {}

  /** Waits for a thread that begins with a message of this title, other than those seen before. */
  async expectThread(title: Text): Promise<SlackThread> {
    const root = await this.wait(`a thread ${String(title)}`, () =>
      this.roots().find((message) => !this.expected.has(message.ts) && matches(titleOf(message), title)),
    );
    this.expected.add(root.ts);
    return new SlackThread(this, root.ts);
  }

  /** Fails when there is a message that was not expected, once the service has nothing more to say. */
  async expectNothingElse(service: ServiceProcess): Promise<void> {
    await service.idle();
    const others = this.simulator.workspace
      .allMessages(this.id)
      .filter((message) => !message.deleted && !this.expected.has(message.ts));
    if (others.length === 0) return;
    const lines = others.map((message) => `${message.ts} ${titleOf(message)}`);
    throw new Error(`nobody expected:\n${lines.join('\n')}\nin\n${channelAsText(this.simulator.workspace, this.id)}`);
  }

  /** First messages of threads that stand in the channel, oldest first. */
  roots(): Message[] {
    return this.simulator.workspace.messages(this.id).filter((message) => !message.deleted);
  }

  replies(rootTs: string): Message[] {
    return this.simulator.workspace.replies(this.id, rootTs).filter((message) => !message.deleted);
  }

  take(message: Message): void {
    this.expected.add(message.ts);
  }

  isTaken(message: Message): boolean {
    return this.expected.has(message.ts);
  }

  wait<T>(what: string, probe: () => T | undefined | false): Promise<T> {
    return this.simulator.waitFor(probe, { what });
  }
}

/** One thread of a channel. */
export class SlackThread {
  constructor(
    private readonly channel: SlackChannel,
    readonly ts: string,
  ) {}

  get root(): Message {
    const root = this.channel.roots().find(({ ts }) => ts === this.ts);
    if (root === undefined) throw new Error(`the thread ${this.ts} is gone`);
    return root;
  }

  /** What a reader of the first message sees. */
  get text(): string {
    return messageText(this.root);
  }

  /** Waits for the first message to have this title and, where given, text and colour. */
  async expectRoot(title: Text, { text, color }: { text?: Text; color?: string } = {}): Promise<this> {
    await this.channel.wait(`the first message to be ${String(title)} ${String(text ?? '')} ${color ?? ''}`, () => {
      const { root } = this;
      const colours = root.attachments.map((attachment) => attachment.color?.toUpperCase());
      return (
        matches(titleOf(root), title) &&
        (text === undefined || (typeof text === 'string' ? this.text.includes(text) : text.test(this.text))) &&
        (color === undefined || colours.includes(color.replace('#', '').toUpperCase()))
      );
    });
    return this;
  }

  /** Waits for the next reply; it must match. */
  async expectReply(text: Text): Promise<this> {
    const reply = await this.channel.wait(`a reply ${String(text)}`, () =>
      this.channel.replies(this.ts).find((message) => !this.channel.isTaken(message)),
    );
    const shown = messageText(reply);
    if (!(typeof text === 'string' ? shown.includes(text) : text.test(shown))) {
      throw new Error(`expected a reply ${String(text)}, got:\n${shown}`);
    }
    this.channel.take(reply);
    return this;
  }

  get replies(): Message[] {
    return this.channel.replies(this.ts);
  }

  /** Waits until the first message carries the button or select, and who presses it sees no warning. */
  async clicks(person: Person, actionId: string): Promise<Outcome> {
    await this.offers(actionId);
    return acknowledged(await person.clicks(this.root, actionId));
  }

  /** Chooses the option of this text from a select of the first message. */
  async chooses(person: Person, actionId: string, text: string): Promise<Outcome> {
    await this.channel.wait(`the choice ${text}`, () =>
      JSON.stringify(this.root.blocks).includes(JSON.stringify(text)),
    );
    const isIt = (option: Record<string, unknown>): boolean => (option['text'] as { text: string }).text === text;
    return acknowledged(await person.chooses(this.root, actionId, isIt));
  }

  async reacts(person: Person, emoji: string): Promise<void> {
    const outcome = await person.reacts(this.root, emoji);
    if (outcome === undefined) throw new Error(`the app hears nothing of reactions in ${this.channel.id}`);
    acknowledged(outcome);
  }

  async unreacts(person: Person, emoji: string): Promise<void> {
    const outcome = await person.unreacts(this.root, emoji);
    if (outcome !== undefined) acknowledged(outcome);
  }

  /** Waits until the first message has the button or select. */
  async offers(actionId: string): Promise<void> {
    await this.channel.wait(`the button ${actionId}`, () => this.actions.includes(actionId));
  }

  /** action_ids of the first message's buttons and selects. */
  get actions(): string[] {
    const ids = JSON.stringify(this.root.blocks).matchAll(/"action_id":"([^"]+)"/g);
    return [...ids].map(([, id]) => id ?? '');
  }

  /** Waits for a form in front of this person. */
  async expectForm(person: Person, title: string): Promise<View> {
    return this.channel.wait(`${person.user.name} to see the form ${title}`, () =>
      person.views.find((view) => JSON.stringify(view.title).includes(JSON.stringify(title))),
    );
  }

  /** Waits for a message that only this person sees. */
  async expectWhisper(person: Person, text: Text): Promise<void> {
    await this.channel.wait(`${person.user.name} to be told ${String(text)}`, () =>
      person.ephemeralsIn(this.channel.id).some((message) => {
        const shown = message.text;
        return typeof text === 'string' ? shown.includes(text) : text.test(shown);
      }),
    );
  }
}

/** @throws the person saw a warning sign beside what they pressed */
const acknowledged = (outcome: Outcome): Outcome => {
  if (!outcome.acknowledged) throw new Error(`nobody acknowledged it: ${JSON.stringify(outcome)}`);
  return outcome;
};
