import type { TransitionReason } from '../domain/events.js';
import type { Actor } from '../domain/incident.js';
import type { Matcher } from '../domain/matcher.js';
import type { ReactionChange } from '../domain/reactions.js';
import type { IncidentThread } from '../domain/record.js';

/** What a person wants done with an incident; the same from Slack and by REST. */
export type Command =
  | { readonly type: 'acknowledge'; readonly via?: 'reaction' }
  | { readonly type: 'unacknowledge' }
  | { readonly type: 'reopen' }
  | { readonly type: 'unsilence' }
  | { readonly type: 'resolve'; readonly actionTaken?: string; readonly rootCause?: string }
  | {
      readonly type: 'silence';
      readonly durationMs: number;
      /** By default the incident's key labels. */
      readonly matchers?: readonly Matcher[];
      readonly comment?: string;
    };

export interface Person {
  readonly actor: Actor;
  /** What other people call them; untrusted, may be empty. */
  readonly name: string;
}

export interface CommandRequest {
  readonly incidentId: string;
  readonly command: Command;
  readonly by: Person;
  /** Ids of the envelope or event that asked for it: a repeat within 10 minutes changes nothing. */
  readonly ids?: readonly string[];
}

export interface ReactionRequest extends ReactionChange {
  readonly channel: string;
  /** What it stands for; undefined: nothing, but it counts as seen. */
  readonly command?: Command;
  readonly by: Person;
  readonly ids?: readonly string[];
}

export type CommandReason =
  | TransitionReason
  /** No incident has this id (any more). */
  | 'unknown-incident'
  /** ALERTMANAGER_URL or GRAFANA_URL is not set. */
  | 'no-silence-server'
  /** Nothing in the incident's labels tells its alerts from others. */
  | 'no-matchers';

export interface CommandResult {
  readonly reason: CommandReason;
  /** The incident as it is now. */
  readonly thread?: IncidentThread;
  /** `not-current`: the incident that the problem has now, where it came back. */
  readonly newer?: IncidentThread;
  /** `silence-failed`: why, in words for people. */
  readonly failure?: string;
  /** `silence-failed`: the server did not like the request itself, so another one may pass. */
  readonly refused?: true;
}

export interface MatchCount {
  readonly count: number;
  /** Those of them that are the incident's own. */
  readonly mine: number;
}

/** Incidents as people handle them. Every method's changes are durable when it resolves. */
export abstract class IncidentCommands {
  /** @throws {StoreUnavailableError} nothing was changed */
  abstract run(request: CommandRequest): Promise<CommandResult>;

  /** A reaction to a message; undefined: the message is no first message of a current thread. @throws {StoreUnavailableError} */
  abstract react(request: ReactionRequest): Promise<CommandResult | undefined>;

  /** The incident, live or from the history. */
  abstract find(incidentId: string): Promise<IncidentThread | undefined>;

  /** The current thread whose first message this is. */
  abstract at(channel: string, ts: string): Promise<IncidentThread | undefined>;

  /** How many alerts that fire now would be silenced. */
  abstract matching(thread: IncidentThread, matchers: readonly Matcher[]): Promise<MatchCount | { failure: string }>;

  /** Where the incident's alerts are silenced, for people: `Alertmanager`. Undefined: nowhere. */
  abstract silenceServer(thread: IncidentThread): string | undefined;

  /** Matchers that a silence of this incident would have; empty: none can be made. */
  abstract matchers(thread: IncidentThread): readonly Matcher[];

  /** Told of a silence that was asked for, and could not be made after a restart. */
  abstract onSilenceFailed(listener: SilenceFailed): void;
}

export type SilenceFailed = (thread: IncidentThread, by: Actor, failure: string) => void;
