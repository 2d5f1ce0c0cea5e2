import { Injectable } from '@nestjs/common';
import { isAllowedChannel } from '../config/allowed-channels.js';
import { Config } from '../config/config.js';
import type { IncidentThread } from '../domain/record.js';
import { IncidentCommands, type Command, type CommandResult } from '../incidents/incident-commands.js';
import { INPUTS } from '../rendering/action-ids.js';
import { noticeModal } from '../rendering/message-modal.js';
import { whisper, type Whisper } from '../rendering/whispers.js';
import type { Envelope, EnvelopeAnswer } from '../slack/slack-socket.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { Answers } from './answers.js';
import type { ResolveForm, SilenceForm } from './interaction.js';
import { Members } from './members.js';
import { SilenceForms, type FieldErrors } from './silence-forms.js';
import { titleOf } from './title.js';
import { Whisperer } from './whisperer.js';

type SentForm = ResolveForm | SilenceForm;

/** Of an error at a field: it holds the server's own words. */
const MAX_ERROR = 300;

/** What the forms do when they are sent. Errors go back to the field, and what was typed stays. */
@Injectable()
export class Forms {
  constructor(
    private readonly commands: IncidentCommands,
    private readonly members: Members,
    private readonly silences: SilenceForms,
    private readonly answers: Answers,
    private readonly whisperer: Whisperer,
    private readonly config: Config,
  ) {}

  async handle(form: SentForm, ids: readonly string[], envelope: Envelope): Promise<EnvelopeAnswer> {
    const { incidentId } = form;
    const thread = incidentId === undefined ? undefined : await this.commands.find(incidentId).catch(storeFailed);
    if (thread === 'store-failed') return this.storeFailed(form, undefined, envelope);
    const notice = (what: Whisper): Promise<EnvelopeAnswer> => this.notice(form, what, thread, envelope);
    if (incidentId === undefined || thread === undefined) return notice({ kind: 'no-longer-tracked' });
    if (!isAllowedChannel(this.config, thread.channel)) return notice({ kind: 'channel-not-served' });
    const command = this.command(form);
    if ('errors' in command) return errors(command.errors);
    const refusal = await this.members.refusal(form.userId);
    if (refusal !== undefined) return notice({ kind: 'not-allowed', reason: refusal });

    const name = command.type === 'silence' ? await this.members.name(form.userId) : '';
    const by = { actor: { kind: 'slack', id: form.userId }, name } as const;
    const result = await this.commands.run({ incidentId, command, by, ids }).catch(storeFailed);
    if (result === 'store-failed') return this.storeFailed(form, thread, envelope);
    const field = fieldError(result);
    if (field !== undefined && !envelope.isAcknowledged()) return errors(field);
    const answer = await this.answers.to(result);
    if (answer !== undefined) return notice(answer);
    return envelope.isAcknowledged() ? notice({ kind: 'took-longer' }) : undefined;
  }

  private command(form: SentForm): Command | { readonly errors: FieldErrors } {
    if (form.kind === 'resolve-form') {
      const { actionTaken, rootCause } = form;
      return {
        type: 'resolve',
        ...(actionTaken === '' ? {} : { actionTaken }),
        ...(rootCause === '' ? {} : { rootCause }),
      };
    }
    const read = this.silences.read(form);
    return 'errors' in read ? read : { type: 'silence', ...read };
  }

  /** At a field, so that what was typed need not be typed once more. */
  private async storeFailed(
    form: SentForm,
    thread: IncidentThread | undefined,
    envelope: Envelope,
  ): Promise<EnvelopeAnswer> {
    if (envelope.isAcknowledged()) return this.notice(form, { kind: 'store-failed' }, thread, envelope);
    const { block } = form.kind === 'resolve-form' ? INPUTS.actionTaken : INPUTS.duration;
    return errors({ [block]: 'This could not be saved. Please try again in a minute.' });
  }

  /** In place of the form; to the person alone where Slack has closed it by now. */
  private async notice(
    form: SentForm,
    what: Whisper,
    thread: IncidentThread | undefined,
    envelope: Envelope,
  ): Promise<EnvelopeAnswer> {
    const title = thread === undefined ? null : titleOf(thread);
    if (envelope.isAcknowledged()) {
      await this.whisperer.tell(form, thread?.channel ?? this.config.slackChannel, what, title);
      return undefined;
    }
    const heading = form.kind === 'resolve-form' ? 'Not resolved' : 'Not silenced';
    return { response_action: 'update', view: noticeModal(heading, whisper(what, title)) };
  }
}

const errors = (fields: FieldErrors): EnvelopeAnswer => ({ response_action: 'errors', errors: fields });

const storeFailed = (error: unknown): 'store-failed' => {
  if (error instanceof StoreUnavailableError) return 'store-failed';
  throw error;
};

/** What the person can mend without typing everything once more. */
const fieldError = (result: CommandResult): FieldErrors | undefined => {
  if (result.reason !== 'silence-failed') return undefined;
  const block = result.refused ? INPUTS.matchers.block : INPUTS.duration.block;
  return { [block]: (result.failure ?? 'It could not be silenced').slice(0, MAX_ERROR) };
};
