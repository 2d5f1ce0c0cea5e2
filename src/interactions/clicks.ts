import { Injectable } from '@nestjs/common';
import type { ModalView } from '@slack/types';
import { Clock } from '../clock/clock.js';
import { isAllowedChannel } from '../config/allowed-channels.js';
import { Config } from '../config/config.js';
import { formatDuration, parseDuration } from '../config/duration.js';
import { firingCount, isOpen } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { IncidentCommands, type Command, type CommandResult } from '../incidents/incident-commands.js';
import { resolveModal } from '../rendering/resolve-modal.js';
import type { NotAllowed, Whisper } from '../rendering/whispers.js';
import { SlackClient } from '../slack/slack-client.js';
import type { Envelope } from '../slack/slack-socket.js';
import { Answers } from './answers.js';
import type { Click } from './interaction.js';
import { Members } from './members.js';
import { SilenceForms } from './silence-forms.js';
import { titleOf } from './title.js';
import { Whisperer } from './whisperer.js';

/** A form has to open within 3 s of the click; who may use it is checked again when it is sent. Milliseconds. */
const CHECK_BEFORE_FORM_MS = 1_000;

/** What the buttons under a thread's first message do. */
@Injectable()
export class Clicks {
  constructor(
    private readonly commands: IncidentCommands,
    private readonly members: Members,
    private readonly slack: SlackClient,
    private readonly forms: SilenceForms,
    private readonly answers: Answers,
    private readonly whisperer: Whisperer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  async handle(click: Click, ids: readonly string[], envelope: Envelope): Promise<void> {
    const { value, channel } = click;
    if (!isAllowedChannel(this.config, channel))
      return this.whisperer.tell(click, channel, { kind: 'channel-not-served' }, null);
    const thread = await this.commands.find(value.incidentId);
    if (thread?.channel !== channel) return this.untracked(click);
    const title = titleOf(thread);
    const asksForm = value.action === 'resolve' || value.duration === 'custom';
    const refusal = await (asksForm ? this.soon(click.userId) : this.members.refusal(click.userId));
    if (refusal !== undefined) {
      return this.whisperer.tell(click, channel, { kind: 'not-allowed', reason: refusal }, title);
    }
    const command = commandOf(click);
    const result = await (command === undefined ? this.form(click, thread) : this.run(click, command, ids));
    const answer = (result && (await this.answers.to(result))) ?? (command && lateAnswer(envelope));
    if (answer === undefined) return;
    const ending = command?.type === 'unsilence' ? { ending: true } : {};
    await this.whisperer.tell(click, channel, { ...answer, ...ending }, title);
  }

  private async run({ userId, value }: Click, command: Command, ids: readonly string[]): Promise<CommandResult> {
    const name = command.type === 'silence' ? await this.members.name(userId) : '';
    const by = { actor: { kind: 'slack', id: userId }, name } as const;
    return this.commands.run({ incidentId: value.incidentId, command, by, ids });
  }

  /** Opens a form, unless there is nothing that it could do. */
  private async form(click: Click, thread: IncidentThread): Promise<CommandResult | undefined> {
    const { value, triggerId } = click;
    const { incident } = thread;
    if (!isOpen(incident)) return { reason: value.action === 'resolve' ? 'already-resolved' : 'too-late', thread };
    if (value.action === 'silence') return this.forms.open(thread, click);
    await this.slack.openView(triggerId, this.resolveForm(thread));
    return undefined;
  }

  private resolveForm(thread: IncidentThread): ModalView {
    const { incident } = thread;
    const quietFor = formatDuration(this.config.repeatIntervalMs);
    const firing = firingCount(incident);
    const silencedUntil = incident.silence?.until ?? null;
    return resolveModal({ incidentId: incident.id, title: titleOf(thread), firing, quietFor, silencedUntil });
  }

  private async untracked(click: Click): Promise<void> {
    const { channel, deployment } = click;
    const foreign = deployment !== undefined && deployment !== this.config.environment;
    const what = foreign
      ? ({ kind: 'other-deployment', deployment } as const)
      : ({ kind: 'no-longer-tracked' } as const);
    await this.whisperer.tell(click, channel, what, null);
  }

  /** What is known of the person in time for a form; undefined when nothing speaks against it so far. */
  private soon(userId: string): Promise<NotAllowed | undefined> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(CHECK_BEFORE_FORM_MS, () => {
        resolve(undefined);
      });
      this.members.refusal(userId).then(resolve, reject).finally(cancel);
    });
  }
}

/** Slack has shown the person a warning by now, although all went well. */
const lateAnswer = (envelope: Envelope): Whisper | undefined =>
  envelope.isAcknowledged() ? { kind: 'took-longer' } : undefined;

/** Undefined: the click opens a form. */
const commandOf = ({ value }: Click): Command | undefined => {
  switch (value.action) {
    case 'ack':
      return { type: 'acknowledge' };
    case 'unack':
      return { type: 'unacknowledge' };
    case 'reopen':
      return { type: 'reopen' };
    case 'silence':
      if (value.duration === 'custom') return undefined;
      return value.duration === 'end'
        ? { type: 'unsilence' }
        : { type: 'silence', durationMs: parseDuration(value.duration) };
    default:
      return undefined;
  }
};
