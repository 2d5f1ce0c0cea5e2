import { createHash } from 'node:crypto';
import { serverOf, type AlertServer } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { rootFacts } from '../domain/root-facts.js';
import { waiting } from '../domain/timeline.js';
import { METADATA_EVENT, type SlackMessage } from '../rendering/message.js';
import { renderReply } from '../rendering/render-reply.js';
import { renderRoot } from '../rendering/render-root.js';
import type { OutgoingMessage } from '../slack/slack-client.js';

/** Whether a thread's first message carries buttons, and which. */
export interface Buttons {
  /** Somebody listens for clicks (SLACK_APP_TOKEN). */
  readonly any: boolean;
  /** Servers where silences can be made. */
  readonly silence: ReadonlySet<AlertServer>;
}

/** The root's card as the facts are now. */
export const rootMessage = (thread: IncidentThread, operation: string, buttons: Buttons): OutgoingMessage => {
  const { incident, delivery } = thread;
  const { plainRoot, maybeDuplicate } = delivery;
  const options = {
    plain: plainRoot === true,
    maybeDuplicate: maybeDuplicate === true,
    ...(buttons.any && { actions: { incidentId: incident.id, silence: buttons.silence.has(serverOf(incident)) } }),
  };
  return addressed(renderRoot(rootFacts(thread), options), thread, operation, 'root');
};

/** The reply that a claim froze. */
export const replyMessage = (
  thread: IncidentThread,
  range: { readonly first: number; readonly last: number },
  operation: string,
): OutgoingMessage => {
  const { plainReply, maybeDuplicate } = thread.delivery;
  const options = { plain: plainReply === true, maybeDuplicate: maybeDuplicate === true };
  const entries = waiting(thread.timeline, range.first - 1, range.last);
  return addressed(renderReply(thread, entries, options), thread, operation, 'reply');
};

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
