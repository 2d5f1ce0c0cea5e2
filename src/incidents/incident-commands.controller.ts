import {
  BadRequestException,
  Body,
  Controller,
  HttpCode,
  Param,
  Post,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { Config } from '../config/config.js';
import { isIncidentId } from '../domain/incident-id.js';
import { parseMatchers, type Matcher } from '../domain/matcher.js';
import { AdminGuard } from '../http/admin.guard.js';
import { commandAnswer, type CommandAnswer } from './command-answer.js';
import { CommandBody, ResolveBody, SilenceBody } from './command-body.js';
import { IncidentCommands, type Command } from './incident-commands.js';
import { noSuchIncident } from './no-such-incident.js';

const checked = new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true });

/** What people do to incidents, for scripts and other tools: the same commands as Slack's buttons. */
@Controller('incidents/:id')
@UseGuards(AdminGuard)
export class IncidentCommandsController {
  constructor(
    private readonly config: Config,
    private readonly commands: IncidentCommands,
  ) {}

  @Post('ack')
  @HttpCode(200)
  ack(@Param('id') id: string, @Body(checked) { by }: CommandBody): Promise<CommandAnswer> {
    return this.run(id, by, { type: 'acknowledge' });
  }

  @Post('unack')
  @HttpCode(200)
  unack(@Param('id') id: string, @Body(checked) { by }: CommandBody): Promise<CommandAnswer> {
    return this.run(id, by, { type: 'unacknowledge' });
  }

  @Post('resolve')
  @HttpCode(200)
  resolve(@Param('id') id: string, @Body(checked) body: ResolveBody): Promise<CommandAnswer> {
    const { by, action_taken: actionTaken, root_cause: rootCause } = body;
    return this.run(id, by, {
      type: 'resolve',
      ...(actionTaken === undefined ? {} : { actionTaken }),
      ...(rootCause === undefined ? {} : { rootCause }),
    });
  }

  @Post('reopen')
  @HttpCode(200)
  reopen(@Param('id') id: string, @Body(checked) { by }: CommandBody): Promise<CommandAnswer> {
    return this.run(id, by, { type: 'reopen' });
  }

  @Post('silence')
  @HttpCode(200)
  silence(@Param('id') id: string, @Body(checked) body: SilenceBody): Promise<CommandAnswer> {
    const { by, duration: durationMs, matchers, comment } = body;
    return this.run(id, by, {
      type: 'silence',
      durationMs,
      ...(matchers === undefined ? {} : { matchers: readMatchers(matchers) }),
      ...(comment === undefined ? {} : { comment }),
    });
  }

  @Post('unsilence')
  @HttpCode(200)
  unsilence(@Param('id') id: string, @Body(checked) { by }: CommandBody): Promise<CommandAnswer> {
    return this.run(id, by, { type: 'unsilence' });
  }

  private async run(id: string, by: string, command: Command): Promise<CommandAnswer> {
    if (!isIncidentId(id)) throw noSuchIncident(id);
    const person = { actor: { kind: 'rest', id: by.trim() }, name: by.trim() } as const;
    const result = await this.commands.run({ incidentId: id, command, by: person });
    return commandAnswer(id, result, this.config.slackChannel);
  }
}

const readMatchers = (lines: readonly string[]): readonly Matcher[] => {
  const parsed = parseMatchers(lines.join('\n'));
  if (parsed.faults.length > 0) throw new BadRequestException(`matchers: ${parsed.faults.join('; ')}`);
  return parsed.matchers;
};
