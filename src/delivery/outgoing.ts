import { createHash } from 'node:crypto';
import { serverOf, type AlertServer } from '../domain/incident.js';
import type { Claim, IncidentThread } from '../domain/record.js';
import { rootFacts } from '../domain/root-facts.js';
import { waiting } from '../domain/timeline.js';
import { METADATA_EVENT, type RenderOptions, type SlackMessage } from '../rendering/message.js';
import { renderReply } from '../rendering/render-reply.js';
import { renderRoot } from '../rendering/render-root.js';
import { renderUnmade } from '../rendering/render-unmade.js';
import type { OutgoingMessage } from '../slack/slack-client.js';

/** Whether a thread's first message carries buttons, and which. */
export interface Buttons {
  /** Somebody listens for clicks (SLACK_APP_TOKEN). */
  readonly any: boolean;
  /** Servers where silences can be made. */
  readonly silence: ReadonlySet<AlertServer>;
}

/** A message, or the plain one that stands in where it could not be made. */
export interface Made {
  readonly message: OutgoingMessage;
  /** Why it could not be made. */
  readonly failure?: { readonly error: unknown };
}

/** Whether a claim's message is a reply; else it is the thread's first message. */
export const isReply = ({ delivery }: IncidentThread, { call }: Claim): boolean =>
  call === 'reply' && delivery.rootTs !== null;

/** What a claim sends. Never throws: a thread that cannot be told as it should be is told all the same. */
export const messageOf = (thread: IncidentThread, claim: Claim, buttons: Buttons): Made => {
  const { incident, delivery } = thread;
  const reply = isReply(thread, claim);
  // An edited message stays the root's: it is found by the operation that posted it.
  const operation = claim.call === 'edit' ? `${incident.id}:root:${delivery.epoch}` : claim.id;
  try {
    const message = reply ? replyMessage(thread, claim, operation) : rootMessage(thread, operation, buttons);
    return { message };
  } catch (error) {
    const kind = reply ? 'reply' : 'root';
    const options = reply ? replyOptions(thread) : rootOptions(thread, buttons, silenceable(thread, buttons));
    return { message: addressed(renderUnmade(incident, kind, options), thread, operation, kind), failure: { error } };
  }
};

/** The root's card as the facts are now. */
export const rootMessage = (thread: IncidentThread, operation: string, buttons: Buttons): OutgoingMessage => {
  const options = rootOptions(thread, buttons, buttons.silence.has(serverOf(thread.incident)));
  return addressed(renderRoot(rootFacts(thread), options), thread, operation, 'root');
};

const rootOptions = ({ incident, delivery }: IncidentThread, { any }: Buttons, silence: boolean): RenderOptions => ({
  plain: delivery.plainRoot === true,
  maybeDuplicate: delivery.maybeDuplicate === true,
  ...(any && { actions: { incidentId: incident.id, silence } }),
});

const silenceable = ({ incident }: IncidentThread, { silence }: Buttons): boolean => {
  try {
    return silence.has(serverOf(incident));
  } catch {
    return false;
  }
};

/** The reply that a claim froze. */
const replyMessage = (
  thread: IncidentThread,
  range: { readonly first: number; readonly last: number },
  operation: string,
): OutgoingMessage => {
  const entries = waiting(thread.timeline, range.first - 1, range.last);
  return addressed(renderReply(thread, entries, replyOptions(thread)), thread, operation, 'reply');
};

const replyOptions = ({ delivery }: IncidentThread): RenderOptions => ({
  plain: delivery.plainReply === true,
  maybeDuplicate: delivery.maybeDuplicate === true,
});

const addressed = (
  message: SlackMessage,
  { incident }: IncidentThread,
  operation: string,
  kind: 'root' | 'reply',
): OutgoingMessage => ({
  ...message,
  metadata: {
    event_type: METADATA_EVENT,
    event_payload: { incident_id: incident.id, message: kind, operation, deployment: incident.environment },
  },
});

/** A UUID made of an operation id: the same for each try. */
export const clientMessageId = (operation: string): string => {
  const hex = createHash('sha256').update(operation).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
