import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { CommandObserver, type CommandName, type CommandOutcome } from '../incidents/command-observer.js';

/** As the REST calls are named. */
const NAMES = {
  acknowledge: 'ack',
  unacknowledge: 'unack',
  resolve: 'resolve',
  reopen: 'reopen',
  silence: 'silence',
  unsilence: 'unsilence',
} as const satisfies Record<CommandName, string>;
const OUTCOMES = ['done', 'refused', 'failed'] as const satisfies readonly CommandOutcome[];

/** Counts what people ask for. */
@Injectable()
export class CommandMeters extends CommandObserver {
  private readonly commands: Counter<'command' | 'outcome'>;

  constructor(registry: Registry) {
    super();
    this.commands = new Counter({
      name: 'alert_threader_commands_total',
      help: 'Commands of people, from Slack and by REST, by what became of them.',
      labelNames: ['command', 'outcome'],
      registers: [registry],
    });
    for (const command of Object.values(NAMES)) {
      for (const outcome of OUTCOMES) this.commands.inc({ command, outcome }, 0);
    }
  }

  override ended(command: CommandName, outcome: CommandOutcome): void {
    this.commands.inc({ command: NAMES[command], outcome });
  }
}
