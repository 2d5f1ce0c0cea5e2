import type { Message } from './message.js';

export interface ChannelSpec {
  id: string;
  name: string;
  /** A private channel is invisible to a bot that is not in it. Default false. */
  private?: boolean;
  /** Default false. */
  archived?: boolean;
  /**
   * Is the bot in it? Default false, as in a fresh workspace: posting to a public channel works all the same
   * (chat:write.public), reading wants conversations.join first.
   */
  member?: boolean;
  topic?: string;
}

export const DEFAULT_CHANNELS: readonly ChannelSpec[] = [
  { id: 'C0ALERTS01', name: 'alerts', topic: 'Everything that fires' },
  { id: 'C0PAYMENTS', name: 'payments', topic: 'The payments team' },
  { id: 'G0SECRET01', name: 'secret', private: true, topic: 'The bot has to be invited here' },
  { id: 'C0ARCHIVED', name: 'old-alerts', archived: true },
];

/** One channel and its messages. Ids grow with time, so insertion order is the order of ts. */
export class Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly topic: string;
  isArchived: boolean;
  isMember: boolean;

  private readonly byTs = new Map<string, Message>();
  private readonly threads = new Map<string, Message[]>();

  constructor(
    spec: ChannelSpec,
    /** Milliseconds since 1970. */
    readonly createdAt: number,
  ) {
    this.id = spec.id;
    this.name = spec.name;
    this.topic = spec.topic ?? '';
    this.isPrivate = spec.private ?? false;
    this.isArchived = spec.archived ?? false;
    this.isMember = spec.member ?? false;
  }

  get(ts: string): Message | undefined {
    return this.byTs.get(ts);
  }

  all(): Message[] {
    return [...this.byTs.values()];
  }

  roots(): Message[] {
    return this.all().filter((message) => message.thread_ts === undefined);
  }

  replies(rootTs: string): readonly Message[] {
    return this.threads.get(rootTs) ?? [];
  }

  add(message: Message): void {
    this.byTs.set(message.ts, message);
    if (message.thread_ts === undefined) return;
    const thread = this.threads.get(message.thread_ts);
    if (thread) thread.push(message);
    else this.threads.set(message.thread_ts, [message]);
  }

  remove(message: Message): void {
    this.byTs.delete(message.ts);
    if (message.thread_ts === undefined) return;
    const rest = this.replies(message.thread_ts).filter((other) => other !== message);
    if (rest.length > 0) this.threads.set(message.thread_ts, rest);
    else this.threads.delete(message.thread_ts);
  }
}
