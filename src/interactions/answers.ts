import { Injectable } from '@nestjs/common';
import type { CommandResult } from '../incidents/incident-commands.js';
import type { Whisper } from '../rendering/whispers.js';
import { ThreadLinks } from './thread-links.js';

/** What people are told of a command's result. */
@Injectable()
export class Answers {
  constructor(private readonly links: ThreadLinks) {}

  /** Undefined: the thread says it all. */
  async to(result: CommandResult): Promise<Whisper | undefined> {
    if (result.reason !== 'not-current') return answerOf(result);
    const { newer } = result;
    return { kind: 'not-current', newer: newer === undefined ? null : { url: await this.links.to(newer) } };
  }
}

const answerOf = (result: CommandResult): Whisper | undefined => {
  const { reason, thread } = result;
  const resolution = thread?.incident.resolved;
  const acknowledged = thread?.incident.acknowledged;
  switch (reason) {
    case 'acknowledged':
    case 'unacknowledged':
    case 'resolved-by-person':
    case 'reopened-by-person':
    case 'silenced':
    case 'silence-ended':
    case 'already-applied':
    case 'reaction-seen':
    case 'reaction-noted':
      return undefined;
    case 'already-acknowledged':
      return { kind: reason, at: acknowledged?.at ?? 0 };
    case 'already-acknowledged-by-another':
      return acknowledged ? { kind: reason, by: acknowledged.by, at: acknowledged.at } : undefined;
    case 'too-late':
    case 'already-resolved':
      return { kind: reason, by: resolution?.by ?? null, at: resolution?.at ?? 0 };
    case 'not-acknowledged':
    case 'not-resolved':
    case 'not-silenced':
    case 'silence-pending':
      return { kind: reason };
    case 'unknown-incident':
      return { kind: 'no-longer-tracked' };
    case 'silence-failed':
      return { kind: 'silence-failed', reason: result.failure ?? '' };
    case 'no-silence-server':
      return { kind: 'silence-failed', reason: 'ALERTMANAGER_URL (GRAFANA_URL for alerts of Grafana) is not set' };
    case 'no-matchers':
      return { kind: 'silence-failed', reason: "the incident's labels tell it from no other alert" };
    default:
      return { kind: 'failed', incidentId: thread?.incident.id ?? '' };
  }
};
