import { CommandObserver } from './command-observer.js';
import type { Command, CommandResult, IncidentCommands } from './incident-commands.js';
import { ObservedCommands } from './observed-commands.js';

const by = { actor: { kind: 'rest', id: 'dana' }, name: 'dana' } as const;
const silence: Command = { type: 'silence', durationMs: 1 };

class Notes extends CommandObserver {
  readonly lines: string[] = [];
  override ended(command: string, outcome: string): void {
    this.lines.push(`${command} ${outcome}`);
  }
}

describe('commands that are counted', () => {
  let notes: Notes;
  const answering = (answer: () => Promise<CommandResult | undefined>): ObservedCommands =>
    new ObservedCommands({ run: answer, react: answer } as unknown as IncidentCommands, notes);
  beforeEach(() => {
    notes = new Notes();
  });

  it.each<[Command, CommandResult, string]>([
    [{ type: 'acknowledge' }, { reason: 'acknowledged' }, 'acknowledge done'],
    [{ type: 'acknowledge' }, { reason: 'already-acknowledged' }, 'acknowledge done'],
    [{ type: 'acknowledge' }, { reason: 'already-acknowledged-by-another' }, 'acknowledge refused'],
    [{ type: 'reopen' }, { reason: 'unknown-incident' }, 'reopen refused'],
    [silence, { reason: 'no-silence-server' }, 'silence refused'],
    [silence, { reason: 'silence-failed', failure: 'bad matcher', refused: true }, 'silence refused'],
    [silence, { reason: 'silence-failed', failure: 'away' }, 'silence failed'],
    [silence, { reason: 'silenced' }, 'silence done'],
  ])('%j with %j is %s', async (command, result, line) => {
    const commands = answering(() => Promise.resolve(result));
    expect(await commands.run({ incidentId: 'INC-1', command, by })).toBe(result);
    expect(notes.lines).toEqual([line]);
  });

  it('one that throws has failed, and still throws', async () => {
    const error = new Error('store away');
    const commands = answering(() => Promise.reject(error));
    await expect(commands.run({ incidentId: 'INC-1', command: silence, by })).rejects.toBe(error);
    expect(notes.lines).toEqual(['silence failed']);
  });

  it.each<[Command | undefined, CommandResult | undefined]>([
    [undefined, { reason: 'reaction-noted' }],
    [{ type: 'acknowledge' }, { reason: 'already-applied' }],
    [{ type: 'acknowledge' }, { reason: 'reaction-seen' }],
    [{ type: 'acknowledge' }, undefined],
  ])('a reaction that asks for nothing new is none: %j, %j', async (command, result) => {
    const commands = answering(() => Promise.resolve(result));
    const reaction = { ts: '1.1', name: 'eyes', userId: 'U1', added: true, channel: 'C1', by };
    await commands.react({ ...reaction, ...(command && { command }) });
    expect(notes.lines).toEqual([]);
  });
});
