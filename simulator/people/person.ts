import { optionsOf, stateOf } from '../block-kit/entered.js';
import { findElement } from '../block-kit/find-element.js';
import type { ResponseUrls } from '../interactions/response-urls.js';
import type { TriggerIds } from '../interactions/trigger-ids.js';
import type { JsonObject } from '../json.js';
import type { Outcome } from '../sockets/envelope.js';
import type { Sockets } from '../sockets/sockets.js';
import { emojiName } from '../workspace/emoji.js';
import { isKept, type EphemeralMessage, type Message } from '../workspace/message.js';
import type { User } from '../workspace/user.js';
import type { View } from '../workspace/view.js';
import type { Workspace } from '../workspace/workspace.js';
import type { AppEvents } from './app-events.js';
import { actionJson, onMessage, onView } from './block-actions.js';
import { interaction } from './payloads.js';
import { applyAnswer, checkEntries, fill, TROUBLE, type Entries } from './submission.js';

export interface PersonParts {
  workspace: Workspace;
  sockets: Sockets;
  events: AppEvents;
  triggers: TriggerIds;
  responseUrls: ResponseUrls;
}

/** A message, an ephemeral one, or just where it is; what counts is how it stands now. */
export type MessageRef = Pick<Message, 'channel' | 'ts'>;
export type Surface = MessageRef | View;

/**
 * Somebody in front of Slack. What cannot be done, because it is not on the screen, rejects;
 * otherwise the promise tells how it ended, also when the app never answered.
 */
export class Person {
  constructor(
    readonly user: User,
    private readonly parts: PersonParts,
  ) {}

  get id(): string {
    return this.user.id;
  }

  /** The open modals, the one to be seen last. */
  get views(): readonly View[] {
    return this.parts.workspace.views.stackOf(this.id);
  }

  get home(): View | undefined {
    return this.parts.workspace.views.homeOf(this.id);
  }

  /** Messages that only this person sees, oldest first. */
  get ephemerals(): readonly EphemeralMessage[] {
    return this.parts.workspace.ephemerals.filter(({ user }) => user === this.id);
  }

  ephemeralsIn(channel: string): readonly EphemeralMessage[] {
    return this.ephemerals.filter((message) => message.channel === channel);
  }

  /** A button, by its action_id. */
  clicks(on: Surface, actionId: string): Promise<Outcome> {
    return this.acts(on, actionId, (element) => {
      if (element.type !== 'button') throw new Error(`${actionId} is a ${String(element.type)}: choose from it`);
      return undefined;
    });
  }

  /** One option of a select, an overflow menu or radio buttons, by its value or by a test of the option. */
  chooses(on: Surface, actionId: string, option: string | ((option: JsonObject) => boolean)): Promise<Outcome> {
    return this.acts(on, actionId, (element) => {
      if (typeof option === 'string') return stateOf(element, option);
      const found = optionsOf(element).find(option);
      if (!found) throw new Error(`${actionId} has no such option`);
      return stateOf(element, String(found.value));
    });
  }

  /** Types and chooses in a view without submitting it: what a click in it brings along. */
  fills(given: View, entries: Entries): void {
    const view = this.current(given);
    this.parts.workspace.views.enter(view, fill(view, entries));
  }

  /** Fills the view, which must be the one on top, and submits it. The answer's errors, update, push or clear are done. */
  async submits(given: View, entries: Entries = {}): Promise<Outcome> {
    const { workspace, sockets } = this.parts;
    const view = this.onTop(given);
    if (!view.submit || view.submit_disabled) throw new Error('this view cannot be submitted');
    workspace.views.enter(view, fill(view, entries));
    checkEntries(view);
    workspace.views.say(view, {});
    const payload = { ...this.does('view_submission', true), ...onView(view), response_urls: [] };
    const { container: _, ...submission } = payload as JsonObject;
    const outcome = await sockets.send('interactive', submission, { accepts_response_payload: true }).ended;
    if (!outcome.acknowledged) {
      workspace.views.say(view, { notice: TROUBLE });
      return outcome;
    }
    const problem = applyAnswer(workspace.views, view, outcome.payload);
    return problem === undefined ? outcome : { ...outcome, problem };
  }

  /** Undefined when the app did not ask to be told (notify_on_close). */
  async closes(given: View): Promise<Outcome | undefined> {
    const { workspace, sockets } = this.parts;
    const view = this.onTop(given);
    const closed = view.clear_on_close ? this.views : [view];
    const told = closed
      .filter((other) => other.notify_on_close)
      .map((other) => {
        const { container: _, ...rest } = onView(other);
        return { ...this.does('view_closed', true), ...rest, is_cleared: view.clear_on_close };
      });
    if (view.clear_on_close) workspace.views.clear(this.id);
    else workspace.views.close(view);
    const outcomes = await Promise.all(told.map((payload) => sockets.send('interactive', payload).ended));
    return outcomes.at(-1);
  }

  opensHome(): Promise<Outcome> {
    return this.parts.events.homeOpened(this.id).ended;
  }

  /** Undefined when the app is not told: it is not in the channel. */
  async reacts(to: MessageRef, name: string): Promise<Outcome | undefined> {
    const message = this.message(to);
    const emoji = emojiName(name);
    if (!this.parts.workspace.react(message, emoji, this.id)) throw new Error(`reacted with ${emoji} already`);
    return this.parts.events.reaction('reaction_added', message, emoji, this.id)?.ended;
  }

  async unreacts(to: MessageRef, name: string): Promise<Outcome | undefined> {
    const message = this.message(to);
    const emoji = emojiName(name);
    if (!this.parts.workspace.unreact(message, emoji, this.id)) throw new Error(`there is no ${emoji} to take back`);
    return this.parts.events.reaction('reaction_removed', message, emoji, this.id)?.ended;
  }

  private async acts(
    on: Surface,
    actionId: string,
    choose: (element: JsonObject) => JsonObject | undefined,
  ): Promise<Outcome> {
    const { workspace, sockets, responseUrls } = this.parts;
    if ('hash' in on) {
      const view = this.current(on);
      const found = findElement(view, actionId);
      const chosen = choose(found.element);
      if (chosen) workspace.views.enter(view, withState(view.entered, found.block.block_id, actionId, chosen));
      const actions = [actionJson(found, chosen, workspace.nextTs())];
      return sockets.send('interactive', { ...this.does('block_actions', true), ...onView(view), actions }).ended;
    }
    const message = this.ephemeral(on) ?? this.message(on);
    const found = findElement(message, actionId);
    const chosen = choose(found.element);
    const entered = chosen ? withState({}, found.block.block_id, actionId, chosen) : {};
    const isEphemeral = !isKept(message);
    const thread = message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts };
    const target = { user: this.id, channel: message.channel, ts: message.ts, ...thread, isEphemeral };
    return sockets.send('interactive', {
      ...this.does('block_actions', false),
      ...onMessage(message, workspace.channel(message.channel), found, entered),
      response_url: responseUrls.issue(target),
      actions: [actionJson(found, chosen, workspace.nextTs())],
    }).ended;
  }

  private does(type: string, fromView: boolean): JsonObject {
    return interaction(type, this.user, this.parts.triggers.issue(this.id, fromView));
  }

  private ephemeral({ channel, ts }: MessageRef): EphemeralMessage | undefined {
    return this.ephemerals.find((message) => message.channel === channel && message.ts === ts);
  }

  private message({ channel, ts }: MessageRef): Message {
    const message = this.parts.workspace.message(channel, ts);
    if (!message || message.deleted) throw new Error(`there is no message ${ts} in ${channel} for ${this.user.name}`);
    return message;
  }

  private current({ id }: View): View {
    const view = [...this.views, this.home].find((other) => other?.id === id);
    if (!view) throw new Error(`the view ${id} is not open for ${this.user.name}`);
    return view;
  }

  private onTop(given: View): View {
    const view = this.current(given);
    if (view !== this.views.at(-1)) throw new Error(`the view ${view.id} is not the one on top`);
    return view;
  }
}

function withState(entered: View['entered'], blockId = '', actionId: string, state: JsonObject): View['entered'] {
  return { ...entered, [blockId]: { ...entered[blockId], [actionId]: state } };
}
