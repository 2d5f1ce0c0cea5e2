import { Injectable } from '@nestjs/common';
import { isAllowedChannel } from '../config/allowed-channels.js';
import { Config } from '../config/config.js';
import { parseDuration } from '../config/duration.js';
import { isOpen } from '../domain/incident.js';
import { formatMatchers, parseMatchers, type Matcher } from '../domain/matcher.js';
import type { IncidentThread } from '../domain/record.js';
import { IncidentCommands, type CommandResult } from '../incidents/incident-commands.js';
import { AppLogger } from '../logging/logger.js';
import { INPUTS } from '../rendering/action-ids.js';
import { silenceModal, type Matching } from '../rendering/silence-modal.js';
import { NOT_ALLOWED } from '../rendering/whispers.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import { SlackClient } from '../slack/slack-client.js';
import type { CountClick, SilenceForm, SilenceInputs } from './interaction.js';
import { Members } from './members.js';
import { titleOf } from './title.js';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

/** Errors of a form's fields, by block id. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What a silence form asks for, or what is wrong with it. */
export type ReadForm =
  | { readonly durationMs: number; readonly matchers: readonly Matcher[]; readonly comment: string }
  | { readonly errors: FieldErrors };

/** Who opens a form: the person, and Slack's permission to show them one. */
interface Opener {
  readonly triggerId: string;
  readonly userId: string;
}

/** The form for a silence of one's own making. */
@Injectable()
export class SilenceForms {
  constructor(
    private readonly commands: IncidentCommands,
    private readonly slack: SlackClient,
    private readonly members: Members,
    private readonly config: Config,
    private readonly logger: AppLogger,
  ) {}

  /** Opens it at once, and counts what it would silence while the person reads. */
  async open(thread: IncidentThread, { triggerId, userId }: Opener): Promise<CommandResult | undefined> {
    const matchers = this.commands.matchers(thread);
    const server = this.commands.silenceServer(thread);
    if (server === undefined) return { reason: 'no-silence-server', thread };
    const inputs = { duration: '', matchers: formatMatchers(matchers), comment: '' };
    const counting = { state: 'counting' } as const;
    const viewId = await this.slack.openView(triggerId, this.view(thread, inputs, counting, server));
    void this.showCount(thread, viewId, userId, inputs);
    return undefined;
  }

  async count({ viewId, incidentId, userId, ...inputs }: CountClick): Promise<void> {
    const thread = incidentId === undefined ? undefined : await this.commands.find(incidentId);
    if (thread !== undefined) await this.showCount(thread, viewId, userId, inputs);
  }

  read({ duration, matchers: given, comment }: SilenceForm): ReadForm {
    const durationMs = parseDuration(duration.replaceAll(' ', '').toLowerCase());
    const { matchers, faults } = parseMatchers(given);
    const errors = {
      ...(durationMs >= MINUTE && durationMs <= YEAR
        ? {}
        : { [INPUTS.duration.block]: 'Expected a time such as 30m, 2h or 1d, from 1m to 365d' }),
      ...(faults.length === 0 ? {} : { [INPUTS.matchers.block]: faults.join('. ').slice(0, 150) }),
    };
    return Object.keys(errors).length > 0 ? { errors } : { durationMs, matchers, comment };
  }

  /** Never rejects: the form is of use without the count. */
  private async showCount(
    thread: IncidentThread,
    viewId: string,
    userId: string,
    inputs: SilenceInputs,
  ): Promise<void> {
    const server = this.commands.silenceServer(thread);
    if (server === undefined || !isOpen(thread.incident)) return;
    const refusal = await this.refusal(thread, userId);
    const matching =
      refusal === undefined
        ? await this.counted(thread, inputs.matchers)
        : ({ state: 'unknown', reason: refusal } as const);
    try {
      await this.slack.updateView(viewId, this.view(thread, inputs, matching, server));
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      // Mostly closed by then.
      this.logger.debug({ incidentId: thread.incident.id, code: error.code }, 'form not updated');
    }
  }

  /**
   * Why the count is not for this person: as for every other click, the server is asked nothing before. The form may have
   * opened before Slack said who they are. Undefined: they may have it.
   */
  private async refusal({ channel }: IncidentThread, userId: string): Promise<string | undefined> {
    if (!isAllowedChannel(this.config, channel)) return 'clicks in this channel do not count';
    const reason = await this.members.refusal(userId);
    return reason && NOT_ALLOWED[reason];
  }

  private async counted(thread: IncidentThread, text: string): Promise<Matching> {
    const { matchers, faults } = parseMatchers(text);
    if (faults.length > 0) return { state: 'unknown', reason: faults.join('. ') };
    const result = await this.commands.matching(thread, matchers);
    return 'failure' in result ? { state: 'unknown', reason: result.failure } : { state: 'known', ...result };
  }

  private view(thread: IncidentThread, inputs: SilenceInputs, matching: Matching, serverName: string) {
    return silenceModal({ ...inputs, incidentId: thread.incident.id, title: titleOf(thread), matching, serverName });
  }
}
