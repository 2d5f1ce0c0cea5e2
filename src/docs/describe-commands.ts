import type { SchemaObject } from '@nestjs/swagger';
import { IncidentCommandsController } from '../incidents/incident-commands.controller.js';
import { adminFailures, describe, failure, flag, list, object, text, type Answer } from './describe.js';
import { ID, incident } from './describe-incidents.js';

const by = text('dana', 'Who does it, for the thread and the timeline.');

interface Command {
  readonly method: keyof IncidentCommandsController;
  readonly summary: string;
  readonly result: string;
  readonly body?: Record<string, SchemaObject>;
  readonly optional?: readonly string[];
  readonly example?: Record<string, unknown>;
  readonly conflict: string;
  readonly answers?: Readonly<Record<number, Answer>>;
}

const silencing: Readonly<Record<number, Answer>> = {
  502: failure(
    502,
    'The silence could not be made: nothing is silenced.',
    `incident ${ID} is not silenced: Alertmanager can't be reached (ECONNREFUSED)`,
  ),
};

const COMMANDS: readonly Command[] = [
  {
    method: 'ack',
    summary: 'Acknowledges it; again by the same person is fine',
    result: 'acknowledged',
    conflict: 'Slack user U0123456789 has acknowledged it already',
  },
  {
    method: 'unack',
    summary: 'Takes the acknowledgement back, whoever made it',
    result: 'unacknowledged',
    conflict: 'nobody has acknowledged it',
  },
  {
    method: 'resolve',
    summary: 'Resolves it, also while alerts fire',
    result: 'resolved-by-person',
    body: { action_taken: text('Failed over to db02'), root_cause: text('Disk full') },
    optional: ['action_taken', 'root_cause'],
    example: { action_taken: 'Failed over to db02' },
    conflict: 'it is resolved already',
  },
  {
    method: 'reopen',
    summary: 'Opens it again',
    result: 'reopened-by-person',
    conflict: 'it is not resolved',
  },
  {
    method: 'silence',
    summary: 'Silences its alerts in Alertmanager or Grafana; again: changes the silence',
    result: 'silenced',
    body: {
      duration: text('2h'),
      matchers: list(
        text(
          'alertname="DiskFull"',
          'By default the labels of the thread key. At most 50, and 3,000 characters in all.',
        ),
      ),
      comment: text('Replacing the disk'),
    },
    optional: ['matchers', 'comment'],
    example: { duration: '2h', comment: 'Replacing the disk' },
    conflict: 'nothing is configured to silence it with: set ALERTMANAGER_URL (GRAFANA_URL for alerts of Grafana)',
    answers: silencing,
  },
  {
    method: 'unsilence',
    summary: 'Ends its silence',
    result: 'silence-ended',
    conflict: 'it is not silenced',
    answers: silencing,
  },
];

export const describeCommands = (): void => {
  for (const { method, summary, result, body = {}, optional = [], example = {}, conflict, answers } of COMMANDS) {
    describe(IncidentCommandsController, method, {
      tag: 'incidents',
      summary,
      security: ['admin'],
      params: { id: ID },
      body: {
        schema: object({ by, ...body }, optional),
        examples: { example: { value: { by: 'dana', ...example } } },
      },
      answers: {
        200: { description: 'Done, and durable.', schema: object({ ok: flag(true), result: text(result), incident }) },
        400: failure(400, 'A wrong body.', 'by: expected who does it, 1 to 80 characters'),
        404: failure(404, 'There is none.', `there is no incident ${ID}`),
        409: failure(409, 'Its state does not allow it.', `incident ${ID}: ${conflict}`),
        ...answers,
        ...adminFailures,
      },
    });
  }
};
