import { Channel, type ChannelSpec } from './channel.js';
import type { EphemeralMessage, Message, MessageContent } from './message.js';
import { OpenViews } from './open-views.js';
import { Timestamps } from './timestamps.js';
import { BOT, DEFAULT_USER_GROUPS, DEFAULT_USERS, type User, type UserGroup } from './user.js';

export interface Change {
  kind: 'channel' | 'posted' | 'edited' | 'deleted' | 'reacted' | 'ephemeral' | 'view';
  /** Empty for a view: it belongs to none. */
  channel: string;
  message?: Message;
  /** Whom it concerns alone: the reader of an ephemeral message, the person before a view. */
  user?: string;
}

export interface NewMessage extends Partial<MessageContent> {
  channel: string;
  user: string;
  bot_id?: string;
  username?: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  client_msg_id?: string;
}

type Listener = (change: Change) => void;

/** The state of the local Slack, without its rules: those are the Web API's. */
export class Workspace {
  readonly users = new Map<string, User>(DEFAULT_USERS.map((user) => [user.id, user]));
  readonly userGroups = new Map<string, UserGroup>(
    DEFAULT_USER_GROUPS.map((group) => [group.id, { ...group, members: [...group.members] }]),
  );
  readonly ephemerals: EphemeralMessage[] = [];
  readonly views: OpenViews;

  private readonly channelsById = new Map<string, Channel>();
  private readonly listeners = new Set<Listener>();
  private readonly timestamps: Timestamps;

  constructor(
    channels: readonly ChannelSpec[],
    /** Milliseconds since 1970. */
    readonly now: () => number,
  ) {
    this.timestamps = new Timestamps(now);
    this.views = new OpenViews(now, (user) => {
      this.changed({ kind: 'view', channel: '', user });
    });
    for (const spec of channels) this.addChannel(spec);
  }

  get channels(): Channel[] {
    return [...this.channelsById.values()];
  }

  addChannel(spec: ChannelSpec): Channel {
    const channel = new Channel(spec, this.now());
    this.channelsById.set(channel.id, channel);
    this.changed({ kind: 'channel', channel: channel.id });
    return channel;
  }

  findChannel(id: string): Channel | undefined {
    return this.channelsById.get(id);
  }

  /** Throws when there is none: a test that names a wrong channel should not wait for its messages. */
  channel(id: string): Channel {
    const channel = this.channelsById.get(id);
    if (!channel) throw new Error(`the simulated workspace has no channel ${id}`);
    return channel;
  }

  /** Roots in order of ts, tombstones (`deleted: true`) among them. */
  messages(channelId: string): Message[] {
    return this.channel(channelId).roots();
  }

  /** Replies of a thread in order of ts, without the root. */
  replies(channelId: string, rootTs: string): Message[] {
    return [...this.channel(channelId).replies(rootTs)];
  }

  /** Undefined when it was never there or is deleted; a tombstone is still there. */
  message(channelId: string, ts: string): Message | undefined {
    return this.channel(channelId).get(ts);
  }

  /** Roots and replies in order of ts. */
  allMessages(channelId: string): Message[] {
    return this.channel(channelId).all();
  }

  /** Adds a message as it is given, without any of the Web API's checks. */
  post(draft: NewMessage): Message {
    const { channel, thread_ts, reply_broadcast } = draft;
    const message: Message = {
      ...draft,
      ts: this.timestamps.next(),
      text: draft.text ?? '',
      blocks: draft.blocks ?? [],
      attachments: draft.attachments ?? [],
      ...(thread_ts !== undefined && reply_broadcast && { subtype: 'thread_broadcast' }),
      reactions: [],
      deleted: false,
      edits: 0,
      revision: 0,
    };
    this.channel(channel).add(message);
    this.touchRoot(message);
    this.changed({ kind: 'posted', channel, message });
    return message;
  }

  edit(message: Message, content: MessageContent, user: string): void {
    Object.assign(message, content);
    message.edited = { user, ts: this.timestamps.next() };
    message.edits += 1;
    message.revision += 1;
    this.changed({ kind: 'edited', channel: message.channel, message });
  }

  /** As a person does it: a root with replies leaves a tombstone, anything else is gone. False when nothing was there. */
  deleteMessage(channelId: string, ts: string): boolean {
    const channel = this.channel(channelId);
    const message = channel.get(ts);
    if (!message || message.deleted) return false;
    message.deleted = true;
    message.revision += 1;
    if (channel.replies(ts).length > 0) {
      Object.assign(message, { subtype: 'tombstone', text: 'This message was deleted.', blocks: [], attachments: [] });
      delete message.metadata;
      message.reactions = [];
    } else {
      channel.remove(message);
      this.touchRoot(message);
      this.dropEmptyTombstone(channel, message.thread_ts);
    }
    this.changed({ kind: 'deleted', channel: channelId, message });
    return true;
  }

  react(message: Message, name: string, user: string): boolean {
    const reaction = message.reactions.find((other) => other.name === name);
    if (reaction?.users.includes(user)) return false;
    if (reaction) reaction.users.push(user);
    else message.reactions.push({ name, users: [user] });
    this.reacted(message);
    return true;
  }

  unreact(message: Message, name: string, user: string): boolean {
    const reaction = message.reactions.find((other) => other.name === name);
    if (!reaction?.users.includes(user)) return false;
    reaction.users = reaction.users.filter((other) => other !== user);
    message.reactions = message.reactions.filter((other) => other.users.length > 0);
    this.reacted(message);
    return true;
  }

  whisper(draft: Omit<EphemeralMessage, 'ts'>): EphemeralMessage {
    const message = { ...draft, ts: this.timestamps.next() };
    this.ephemerals.push(message);
    this.changed({ kind: 'ephemeral', channel: draft.channel, user: draft.user });
    return message;
  }

  /** Only a response_url can do this: no method of the Web API knows an ephemeral message's id. */
  rewhisper(message: EphemeralMessage, content: MessageContent): void {
    Object.assign(message, content);
    this.changed({ kind: 'ephemeral', channel: message.channel, user: message.user });
  }

  unwhisper(message: EphemeralMessage): void {
    this.ephemerals.splice(this.ephemerals.indexOf(message), 1);
    this.changed({ kind: 'ephemeral', channel: message.channel, user: message.user });
  }

  /** A ts of now, for events. */
  nextTs(): string {
    return this.timestamps.next();
  }

  join(channel: Channel): void {
    channel.isMember = true;
    this.changed({ kind: 'channel', channel: channel.id });
  }

  isOwn(message: Message): boolean {
    return message.bot_id === BOT.bot;
  }

  /** Calls the listener after every change, in the same turn. Returns what ends it. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private reacted(message: Message): void {
    message.revision += 1;
    this.changed({ kind: 'reacted', channel: message.channel, message });
  }

  private touchRoot(reply: Message): void {
    if (reply.thread_ts === undefined) return;
    const root = this.message(reply.channel, reply.thread_ts);
    if (root) root.revision += 1;
  }

  /** Slack takes the tombstone away with the last reply. */
  private dropEmptyTombstone(channel: Channel, rootTs: string | undefined): void {
    if (rootTs === undefined || channel.replies(rootTs).length > 0) return;
    const root = channel.get(rootTs);
    if (!root?.deleted) return;
    channel.remove(root);
    this.changed({ kind: 'deleted', channel: channel.id, message: root });
  }

  private changed(change: Change): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}
