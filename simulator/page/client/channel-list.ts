import { byId } from './dom.js';
import { hashOf } from './place.js';

export interface ChannelFacts {
  id: string;
  name: string;
  topic: string;
  isPrivate: boolean;
  isArchived: boolean;
  /** Roots and broadcast replies. */
  messages: number;
  /** Roots with a red bar. */
  alerts: number;
}

/** The channels on the left, with what is unread in each. */
export class ChannelList {
  private readonly list = byId('channels');

  constructor(private readonly read: ReadMarks) {}

  show(channels: readonly ChannelFacts[], current: string | undefined): void {
    // Changed in place: the reader's focus stays where it is.
    const items = channels.map((channel) => this.item(channel, channel.id === current));
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.channel : undefined;
    this.list.replaceChildren(...items);
    if (focused !== undefined) this.list.querySelector<HTMLElement>(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
  }

  private item(channel: ChannelFacts, isCurrent: boolean): HTMLElement {
    const unread = isCurrent ? 0 : this.read.unread(channel);
    const link = document.createElement('a');
    link.href = hashOf(channel.id);
    link.dataset.channel = channel.id;
    link.classList.toggle('is-unread', unread > 0);
    link.classList.toggle('is-archived', channel.isArchived);
    if (isCurrent) link.setAttribute('aria-current', 'page');
    link.append(sign(channel), part('name', channel.name));
    if (channel.alerts > 0) link.append(counter('alerts', channel.alerts, 'red alerts'));
    if (unread > 0) link.append(counter('unread', unread, 'unread'));
    const item = document.createElement('li');
    item.append(link);
    return item;
  }
}

/** How many messages of each channel the reader has seen, in this tab. */
export class ReadMarks {
  private run = '';

  /** A new run of the simulator starts with nothing read. */
  startRun(run: string): void {
    this.run = run;
  }

  unread({ id, messages }: ChannelFacts): number {
    return Math.max(0, messages - Number(sessionStorage.getItem(this.key(id)) ?? 0));
  }

  mark({ id, messages }: ChannelFacts): void {
    sessionStorage.setItem(this.key(id), String(messages));
  }

  private key(channel: string): string {
    return `read ${this.run} ${channel}`;
  }
}

/** Drawn, because a lock is a coloured emoji in many fonts. */
const SIGNS = {
  public: 'M6.5 2 5 14M11 2 9.5 14M2.5 5.5h11.5M2 10.5h11.5',
  private: 'M3.5 7h9v7h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  archived: 'M2 3h12v3H2zM3 6v7h10V6M6.5 9h3',
};

export function sign({ isPrivate, isArchived }: ChannelFacts): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'sign');
  svg.setAttribute('role', 'img');
  const kind = isArchived ? 'archived' : isPrivate ? 'private' : 'public';
  svg.setAttribute('aria-label', `${kind} channel`);
  const path = document.createElementNS(svg.namespaceURI, 'path');
  path.setAttribute('d', SIGNS[kind]);
  svg.append(path);
  return svg;
}

function part(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function counter(className: string, count: number, what: string): HTMLElement {
  const element = part(`count ${className}`, count > 99 ? '99+' : String(count));
  element.title = `${count} ${what}`;
  element.setAttribute('aria-label', `${count} ${what}`);
  return element;
}
