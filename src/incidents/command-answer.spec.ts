import type { HttpException } from '@nestjs/common';
import { alertOf, ANNA, CHANNEL, HOUR, Story, T0 } from '../domain/domain.fixture.js';
import type { Silence } from '../domain/incident.js';
import { commandAnswer } from './command-answer.js';
import type { CommandResult } from './incident-commands.js';

const SILENCE: Silence = { id: 's1', server: 'alertmanager', until: T0 + HOUR, by: ANNA };

const { thread } = new Story().alert(0, alertOf('db01'));
const { id } = thread.incident;

const failed = (silence: Silence | null, change: Partial<CommandResult> = {}): { status: number; error: string } => {
  const result = { reason: 'silence-failed', failure: 'Alertmanager is away', ...change } as const;
  try {
    commandAnswer(id, { ...result, thread: { ...thread, incident: { ...thread.incident, silence } } }, CHANNEL);
  } catch (error) {
    return { status: (error as HttpException).getStatus(), error: (error as HttpException).message };
  }
  throw new Error('it was answered as done');
};

describe('a silence server that did not do it', () => {
  it('leaves it without a silence', () => {
    expect(failed(null)).toEqual({ status: 502, error: `incident ${id} is not silenced: Alertmanager is away` });
  });

  it('leaves the silence that it has: one that could not be ended, or changed, is still there', () => {
    expect(failed(SILENCE)).toEqual({
      status: 502,
      error: `incident ${id} is silenced as before: Alertmanager is away`,
    });
    expect(failed(SILENCE, { refused: true }).status).toBe(400);
  });
});
