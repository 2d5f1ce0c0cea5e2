import { stateValues } from '../block-kit/entered.js';
import type { FoundElement } from '../block-kit/find-element.js';
import type { JsonObject } from '../json.js';
import { messageJson } from '../web-api/message-json.js';
import { viewJson } from '../web-api/view-json.js';
import type { Channel } from '../workspace/channel.js';
import { isKept, type EphemeralMessage, type Message } from '../workspace/message.js';
import type { EnteredValues, View } from '../workspace/view.js';

/** What of an element comes back with a click on it, as far as it has it. */
const ECHOED = ['text', 'value', 'style', 'url', 'accessibility_label', 'placeholder', 'initial_option', 'confirm'];

/** `chosen`: the element's state after it, for anything but a button. */
export function actionJson({ element, block }: FoundElement, chosen: JsonObject | undefined, ts: string): JsonObject {
  const echoed = ECHOED.filter((name) => element[name] !== undefined).map((name) => [name, element[name]] as const);
  return {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    ...Object.fromEntries(echoed),
    ...chosen,
    action_ts: ts,
  };
}

/** The part of block_actions that says on which message, and how it looked then. */
export function onMessage(
  message: Message | EphemeralMessage,
  channel: Channel,
  found: FoundElement,
  chosen: EnteredValues,
): JsonObject {
  const blocks = [...message.blocks, ...message.attachments.flatMap((attachment) => attachment.blocks ?? [])];
  return {
    container: {
      type: found.attachmentId === undefined ? 'message' : 'message_attachment',
      message_ts: message.ts,
      ...(found.attachmentId !== undefined && { attachment_id: found.attachmentId, is_app_unfurl: false }),
      channel_id: channel.id,
      is_ephemeral: !isKept(message),
      ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    },
    channel: { id: channel.id, name: channel.isPrivate ? 'privategroup' : channel.name },
    // Slack keeps no ephemeral messages, so it has none to show.
    ...(isKept(message) && { message: messageJson(message, channel, true) }),
    state: { values: stateValues(blocks, chosen) },
  };
}

export function onView(view: View): JsonObject {
  return { container: { type: 'view', view_id: view.id }, view: viewJson(view) };
}
