import type { Command } from './incident-commands.js';

export type CommandName = Command['type'];

/** `done`: it is as the person wanted. `refused`: the incident, or what was asked for, does not allow it. `failed`: it may work later. */
export type CommandOutcome = 'done' | 'refused' | 'failed';

/** Is told what became of people's commands. */
export abstract class CommandObserver {
  abstract ended(command: CommandName, outcome: CommandOutcome): void;
}
