import { BadGatewayException, BadRequestException, ConflictException, NotFoundException } from '@nestjs/common';
import { actorName } from '../domain/incident.js';
import { anyIncidentView, type IncidentView, type UnshownIncident } from './incident-view.js';
import type { CommandReason, CommandResult } from './incident-commands.js';

export interface CommandAnswer {
  readonly ok: true;
  /** What happened; `already-acknowledged`: nothing had to. */
  readonly result: CommandReason;
  readonly incident: IncidentView | UnshownIncident;
}

const DONE = new Set<CommandReason>([
  'acknowledged',
  'already-acknowledged',
  'unacknowledged',
  'resolved-by-person',
  'reopened-by-person',
  'silenced',
  'silence-ended',
]);

/** Whether it is as the person wanted. */
export const isDone = (reason: CommandReason): boolean => DONE.has(reason);

/** Why nothing was done, by reason. */
const REFUSED: Partial<Record<CommandReason, string>> = {
  'too-late': 'it is resolved: reopen it first',
  'already-resolved': 'it is resolved already',
  'not-acknowledged': 'nobody has acknowledged it',
  'not-resolved': 'it is not resolved',
  'not-silenced': 'it is not silenced',
  'not-current': 'it is closed for good: the same problem starts a new incident',
  'silence-pending': 'a silence is being made already',
  'no-silence-server':
    'nothing is configured to silence it with: set ALERTMANAGER_URL (GRAFANA_URL for alerts of Grafana)',
  'no-matchers': 'its labels tell it from no other alert: name the matchers',
};

/** The result of a command as an HTTP answer. @throws {HttpException} it was not done, with the reason */
export const commandAnswer = (
  incidentId: string,
  { reason, thread, failure, refused }: CommandResult,
  defaultChannel: string,
): CommandAnswer => {
  if (thread === undefined) throw new NotFoundException(`there is no incident ${incidentId}`);
  if (isDone(reason)) return { ok: true, result: reason, incident: anyIncidentView(thread, defaultChannel) };
  if (reason === 'silence-failed') {
    const state = thread.incident.silence === null ? 'not silenced' : 'silenced as before';
    const text = `incident ${incidentId} is ${state}: ${failure ?? 'the server did not say why'}`;
    throw refused ? new BadRequestException(text) : new BadGatewayException(text);
  }
  const { acknowledged } = thread.incident;
  const why =
    reason === 'already-acknowledged-by-another' && acknowledged !== null
      ? `${actorName(acknowledged.by)} has acknowledged it already`
      : (REFUSED[reason] ?? reason);
  throw new ConflictException(`incident ${incidentId}: ${why}`);
};
