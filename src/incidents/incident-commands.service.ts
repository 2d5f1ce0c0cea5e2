import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { once } from '../domain/applied.js';
import type { PersonEvent, Transition, TransitionContext } from '../domain/events.js';
import { alertIn, serverOf, type SilenceRequest } from '../domain/incident.js';
import { matchersOf, type Matcher } from '../domain/matcher.js';
import { acknowledgedByReaction, reacted } from '../domain/reactions.js';
import { threadsOf, type IncidentThread, type ThreadRecord } from '../domain/record.js';
import { incidentTitle } from '../domain/root-facts.js';
import { transition } from '../domain/transition.js';
import { SilenceError, Silences } from '../silences/silence-client.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { IncidentChanges, type Changed } from './incident-changes.js';
import {
  IncidentCommands,
  type Command,
  type CommandRequest,
  type CommandResult,
  type MatchCount,
  type Person,
  type ReactionRequest,
  type SilenceFailed,
} from './incident-commands.js';
import { SilenceRequests } from './silence-requests.js';

const MAX_TITLE = 200;

/** Turns commands into changes of incidents; a silence's call follows once the wish for it is durable. */
@Injectable()
export class IncidentCommandsService extends IncidentCommands {
  private readonly listeners: SilenceFailed[] = [];

  constructor(
    private readonly store: ThreadStore,
    private readonly changes: IncidentChanges,
    private readonly silences: Silences,
    private readonly requests: SilenceRequests,
    private readonly config: Config,
  ) {
    super();
  }

  override async run({ incidentId, command, by, ids = [] }: CommandRequest): Promise<CommandResult> {
    const record = await this.store.findByIncident(incidentId);
    if (record === undefined) return this.archived(incidentId);
    const refusal = this.refusal(threadIn(record, incidentId), command);
    if (refusal !== undefined) return refusal;
    const changed = await this.changes.change(record, (before, context) =>
      once(before, ids, context.now, (present) => {
        const thread = threadIn(present, incidentId);
        if (thread === undefined) return { next: present, reason: 'not-current', incidentId };
        return transition(present, this.event(thread, command, by, context), context);
      }),
    );
    return this.result(changed, incidentId);
  }

  override async react({
    channel,
    command,
    by,
    ids = [],
    ...reaction
  }: ReactionRequest): Promise<CommandResult | undefined> {
    const record = await this.store.findByMessage(channel, reaction.ts);
    if (record?.current?.delivery.rootTs !== reaction.ts) return undefined;
    const incidentId = record.current.incident.id;
    const refusal = command && this.refusal(record.current, command);
    const meant = refusal === undefined ? command : undefined;
    const changed = await this.changes.change(record, (before, context) =>
      once(before, ids, context.now, (present): Transition => {
        const means = (thread: IncidentThread): PersonEvent | undefined => {
          if (meant === undefined) return undefined;
          // Taking a reaction back undoes what that reaction did, and nothing else.
          if (meant.type === 'unacknowledge' && !acknowledgedByReaction(thread, reaction.userId)) return undefined;
          return this.event(thread, meant, by, context);
        };
        return reacted(present, reaction, means, context);
      }),
    );
    if (refusal !== undefined && changed.reason === 'reaction-noted') return refusal;
    return this.result(changed, incidentId);
  }

  override find(incidentId: string): Promise<IncidentThread | undefined> {
    return this.store.incident(incidentId);
  }

  override async at(channel: string, ts: string): Promise<IncidentThread | undefined> {
    const thread = (await this.store.findByMessage(channel, ts))?.current;
    return thread?.delivery.rootTs === ts ? thread : undefined;
  }

  override async matching(
    { incident }: IncidentThread,
    matchers: readonly Matcher[],
  ): Promise<MatchCount | { failure: string }> {
    const client = this.silences.of(serverOf(incident));
    if (client === undefined) return { failure: 'no server is configured' };
    try {
      const alerts = await client.alerts(matchers);
      const mine = alerts.filter(({ fingerprint }) => alertIn(incident, fingerprint) !== undefined);
      return { count: alerts.length, mine: mine.length };
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      return { failure: error.message };
    }
  }

  override silenceServer({ incident }: IncidentThread): string | undefined {
    return this.silences.of(serverOf(incident))?.name;
  }

  override matchers({ incident }: IncidentThread): readonly Matcher[] {
    return matchersOf(incident, this.config.threadKeyLabels);
  }

  override onSilenceFailed(listener: SilenceFailed): void {
    this.listeners.push(listener);
  }

  /** For who takes a request up again after a restart. */
  tellSilenceFailed(thread: IncidentThread, request: SilenceRequest, failure: string): void {
    for (const listener of this.listeners) listener(thread, request.by, failure);
  }

  /** One that left its record can't be changed any more. */
  private async archived(incidentId: string): Promise<CommandResult> {
    const thread = await this.store.incident(incidentId);
    if (thread === undefined) return { reason: 'unknown-incident' };
    const { incident, channel, delivery } = thread;
    const record = await this.store.get(incident.key, delivery.movedFrom?.channel ?? channel);
    return { reason: 'not-current', thread, ...(record && newerIn(record, incidentId)) };
  }

  private refusal(thread: IncidentThread | undefined, command: Command): CommandResult | undefined {
    if (thread === undefined || command.type !== 'silence') return undefined;
    if (this.silences.of(serverOf(thread.incident)) === undefined) return { reason: 'no-silence-server', thread };
    if ((command.matchers ?? this.matchers(thread)).length === 0) return { reason: 'no-matchers', thread };
    return undefined;
  }

  private event(thread: IncidentThread, command: Command, by: Person, { now }: TransitionContext): PersonEvent {
    const incidentId = thread.incident.id;
    switch (command.type) {
      case 'silence':
        return { type: 'silence-asked', incidentId, request: this.request(thread, command, by, now) };
      case 'unsilence': {
        const { silence } = thread.incident;
        const server = silence?.server ?? serverOf(thread.incident);
        const until = silence?.until ?? now;
        const request = { id: randomUUID(), server, by: by.actor, at: now, end: true, until } as const;
        return { type: 'silence-asked', incidentId, request: { ...request, matchers: [], createdBy: '', comment: '' } };
      }
      default:
        return { ...command, incidentId, actor: by.actor };
    }
  }

  private request(
    thread: IncidentThread,
    { durationMs, matchers, comment = '' }: Extract<Command, { type: 'silence' }>,
    { actor, name }: Person,
    now: number,
  ): SilenceRequest {
    const { incident } = thread;
    const note = comment.trim();
    const who = actor.kind === 'slack' ? `Slack ${actor.id}` : actor.id;
    return {
      id: randomUUID(),
      server: serverOf(incident),
      by: actor,
      at: now,
      until: now + durationMs,
      matchers: matchers ?? this.matchers(thread),
      createdBy: actor.kind === 'slack' && name !== '' ? `${name} (${who})` : who,
      comment: `${note === '' ? incidentTitle(incident).slice(0, MAX_TITLE) : note} (${incident.id})`,
      ...(note === '' ? {} : { note }),
    };
  }

  private async result(changed: Changed, incidentId: string): Promise<CommandResult> {
    const { record, reason } = changed;
    const request = record.current?.incident.silencing;
    if (reason !== 'silence-asked' || request === undefined || record.current === null) {
      return withThread(reason, record, incidentId);
    }
    const { changed: settled, error } = await this.requests.perform(record, record.current.incident, request);
    const result = withThread(settled.reason, settled.record, incidentId);
    if (error === undefined) return result;
    return {
      ...result,
      reason: 'silence-failed',
      failure: failureOf(error),
      ...(error.kind === 'refused' && { refused: true }),
    };
  }
}

const threadIn = (record: ThreadRecord, incidentId: string): IncidentThread | undefined =>
  threadsOf(record).find(({ incident }) => incident.id === incidentId);

const withThread = (reason: CommandResult['reason'], record: ThreadRecord, incidentId: string): CommandResult => {
  const thread = threadIn(record, incidentId);
  const newer = reason === 'not-current' ? newerIn(record, incidentId) : {};
  return { reason, ...(thread === undefined ? {} : { thread }), ...newer };
};

const newerIn = ({ current }: ThreadRecord, incidentId: string): Pick<CommandResult, 'newer'> =>
  current === null || current.incident.id === incidentId ? {} : { newer: current };

const failureOf = ({ kind, message }: SilenceError): string =>
  kind === 'ambiguous' ? `${message}; it may be there all the same, so please look` : message;
