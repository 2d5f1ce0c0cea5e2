import type { Actor } from '../domain/incident.js';
import { breakPings, escapeLine, link } from './mrkdwn.js';
import { TO_ONE_READER } from './voice.js';

/** Why somebody may not act. */
export type NotAllowed = 'not-listed' | 'guest' | 'other-organisation' | 'could-not-check';

/** What one person is told about what they just did; where a transition has a reason for it, the kind is that reason. */
export type Whisper =
  | { readonly kind: 'already-acknowledged'; readonly at: number }
  | { readonly kind: 'already-acknowledged-by-another'; readonly by: Actor; readonly at: number }
  /** `by`: a person, or null for the source. */
  | { readonly kind: 'too-late' | 'already-resolved'; readonly by: Actor | null; readonly at: number }
  | { readonly kind: 'not-acknowledged' | 'not-resolved' | 'not-silenced' | 'silence-pending' }
  /** Closed for good. `newer`: the problem came back since; `url`: of its new thread, null where it is not known. */
  | { readonly kind: 'not-current'; readonly newer: { readonly url: string | null } | null }
  | { readonly kind: 'no-longer-tracked' }
  /** `deployment`: whose message it is. Untrusted. */
  | { readonly kind: 'other-deployment'; readonly deployment: string }
  | { readonly kind: 'not-allowed'; readonly reason: NotAllowed }
  | { readonly kind: 'channel-not-served' }
  | { readonly kind: 'store-failed' }
  /** `reason`: what the silence API said. Untrusted. `ending`: the silence was to end. */
  | { readonly kind: 'silence-failed'; readonly reason: string; readonly ending?: boolean }
  /** `incidentId`: a valid one. */
  | { readonly kind: 'failed'; readonly incidentId: string }
  | { readonly kind: 'took-longer' }
  /** Slack took too long to open the form. */
  | { readonly kind: 'form-too-late' };

const MAX_TITLE = 150;
const MAX_NAME = 80;
const MAX_REASON = 500;

const safe = (raw: string, limit: number): string => breakPings(escapeLine(raw, limit));

/** For chat.postEphemeral, or a notice: safe mrkdwn. `title`: the incident's, untrusted; null where it is unknown. */
export const whisper = (what: Whisper, title: string | null): string => {
  const name = safe(title ?? '', MAX_TITLE);
  return said(what, name === '' ? 'this incident' : `“${name}”`);
};

/** @param it how the incident is called */
const said = (what: Whisper, it: string): string => {
  switch (what.kind) {
    case 'already-acknowledged':
      return `👀 You acknowledged ${it} already${at(what)}. Press Resolve when it is over.`;
    case 'already-acknowledged-by-another':
      return `👀 ${TO_ONE_READER.person(what.by)} acknowledged ${it} already${at(what)}. To take over, press Unack and then Ack.`;
    case 'too-late':
      return `✅ Too late: ${it} was resolved ${by(what)}${at(what)}. If it is not over, press Reopen.`;
    case 'already-resolved':
      return `✅ Nothing was changed: ${it} was resolved already ${by(what)}${at(what)}. If you wrote something, it was not saved: please post it in the thread.`;
    case 'not-acknowledged':
      return `Nobody has acknowledged ${it}, so there is nothing to take back. Press Ack to take it.`;
    case 'not-resolved':
      return `There is nothing to reopen: ${it} is open. Press Ack to take it.`;
    case 'not-silenced':
      return `There is no silence to end: ${it} is not silenced.`;
    case 'silence-pending':
      return `🔕 A silence for ${it} is being made at this moment. Please wait for the reply in its thread, then try again.`;
    case 'not-current':
      return notCurrent(what.newer, it);
    case 'no-longer-tracked':
      return `Alert Threader no longer tracks ${it}: it was over long ago. If the problem is still there, its next alert starts a new thread.`;
    case 'other-deployment':
      return `Nothing was changed: ${it} belongs to another deployment${code(what.deployment)}. Please ask its operators: each deployment needs a Slack app of its own.`;
    case 'not-allowed':
      return `Sorry, ${it} was not changed: ${NOT_ALLOWED[what.reason]}`;
    case 'channel-not-served':
      return `Sorry, ${it} was not changed: clicks in this channel do not count. Please ask the operators of Alert Threader to add the channel.`;
    case 'store-failed':
      return `⚠️ What you did to ${it} could not be saved. Please try again in a minute.`;
    case 'silence-failed':
      return `⚠️ ${failedSilence(what.ending === true, it)}${reason(what.reason)}\nPlease try again, or do it at the server itself.`;
    case 'failed':
      return `⚠️ Something went wrong with ${it} (${what.incidentId}). Please look at its thread and try again; if it happens again, tell the operators this id.`;
    case 'form-too-late':
      return `The form for ${it} could not be opened in time. Please press the button again.`;
    case 'took-longer':
      return `It took longer than usual, but it worked: ${it}. There is nothing more to do.`;
  }
};

const notCurrent = (newer: { readonly url: string | null } | null, it: string): string => {
  if (newer === null) {
    return `Nothing was changed: ${it} is closed for good. If the problem is still there, its next alert starts a new thread.`;
  }
  const to = link(newer.url ?? undefined, 'its thread');
  const there = to === null ? 'there' : `in ${to}`;
  return `The problem came back as a newer incident with a thread of its own, so ${it} is closed for good. Please go on ${there}.`;
};

/** Why somebody may not act, in words for them. */
export const NOT_ALLOWED: Readonly<Record<NotAllowed, string>> = {
  'not-listed': 'only people of the on-call list may do this. Please ask one of them, or ask to be added.',
  guest: 'guests may not do this. Please ask a full member.',
  'other-organisation': 'people of other organisations may not do this. Please ask a member of this workspace.',
  'could-not-check': 'Slack did not say whether you may do this. Please try again in a minute.',
};

const at = ({ at: ms }: { readonly at: number }): string => {
  const time = TO_ONE_READER.time(ms);
  return time === null ? '' : ` (${time})`;
};

const by = ({ by: actor }: { readonly by: Actor | null }): string =>
  `by ${actor === null ? 'its source' : TO_ONE_READER.person(actor)}`;

const code = (raw: string): string => {
  const text = safe(raw, MAX_NAME).replaceAll('`', "'");
  return text === '' ? '' : ` (\`${text}\`)`;
};

const failedSilence = (ending: boolean, it: string): string =>
  ending ? `The silence of ${it} could not be ended` : `Nothing is silenced: the silence for ${it} could not be made`;

const reason = (raw: string): string => {
  const text = safe(raw, MAX_REASON);
  return text === '' ? '.' : `: ${text}`;
};
