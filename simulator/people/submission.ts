import { isEmptyState, stateOf, stateValues, type Entry } from '../block-kit/entered.js';
import { elementsOf } from '../block-kit/find-element.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { SlackError } from '../web-api/answer.js';
import { parseView } from '../web-api/view-content.js';
import { MAX_STACK, type OpenViews } from '../workspace/open-views.js';
import type { EnteredValues, View } from '../workspace/view.js';

/** What a person enters into a view: block_id, action_id, entry. */
export type Entries = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

/** What Slack's own client says when the app did not answer, or not in a way that Slack takes. */
export const TROUBLE = 'We had some trouble connecting. Try again?';

/** The view's values with these entries; throws when there is no such field, or when it takes no such entry. */
export function fill(view: View, entries: Entries): EnteredValues {
  const entered: EnteredValues = { ...view.entered };
  for (const [blockId, fields] of Object.entries(entries)) {
    const block = view.blocks.find((other) => other.block_id === blockId);
    if (!block) throw new Error(`the view has no block ${blockId}`);
    for (const [actionId, entry] of Object.entries(fields)) {
      const element = elementsOf(block).find((other) => other.action_id === actionId);
      if (!element) throw new Error(`the block ${blockId} has no element ${actionId}`);
      entered[blockId] = { ...entered[blockId], [actionId]: stateOf(element, entry) };
    }
  }
  return entered;
}

/** Throws what Slack's client would tell the person before it sends anything. */
export function checkEntries(view: View): void {
  const values = stateValues(view.blocks, view.entered);
  for (const { type, block_id: id = '', optional, element } of view.blocks) {
    if (type !== 'input' || !isJsonObject(element)) continue;
    const state = values[id]?.[String(element.action_id)];
    if (isEmptyState(state)) {
      if (optional !== true) throw new Error(`the block ${id} must be filled in`);
      continue;
    }
    const length = typeof state?.value === 'string' ? state.value.length : 0;
    const { min_length: min, max_length: max } = element;
    if (typeof min === 'number' && length < min) throw new Error(`the block ${id} needs ${min} characters`);
    if (typeof max === 'number' && length > max) throw new Error(`the block ${id} takes ${max} characters`);
  }
}

/** Does what the acknowledgement of a submission says. Returns what Slack could not do with it. */
export function applyAnswer(views: OpenViews, view: View, payload: unknown): string | undefined {
  // The app may have updated or closed it in between, by views.update.
  if (!views.find(view.id)) return undefined;
  try {
    obey(views, view, isJsonObject(payload) ? payload : {});
    return undefined;
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    views.say(view, { notice: TROUBLE });
    return [error.code, ...error.hints].join(', ');
  }
}

function obey(views: OpenViews, view: View, { response_action: action, errors, view: given }: JsonObject): void {
  switch (action) {
    case undefined:
      views.close(view);
      return;
    case 'errors':
      views.say(view, { errors: readErrors(view, errors) });
      return;
    case 'update':
      views.update(view, parseView(given, 'modal', views, view));
      return;
    case 'push':
      if (views.stackOf(view.user).length >= MAX_STACK) throw new SlackError('push_limit_reached');
      views.push(view.user, parseView(given, 'modal', views));
      return;
    case 'clear':
      views.clear(view.user);
      return;
    default:
      throw new SlackError('invalid_arguments', [`unknown response_action: ${String(action)}`]);
  }
}

/** Errors belong to input blocks; Slack shows none that does not. */
function readErrors(view: View, errors: unknown): Record<string, string> {
  const entries = isJsonObject(errors) ? Object.entries(errors) : [];
  if (entries.length === 0) throw new SlackError('invalid_arguments', ['errors must name at least one block']);
  return Object.fromEntries(
    entries.map(([id, text]) => {
      const block = view.blocks.find((other) => other.block_id === id && other.type === 'input');
      if (!block) throw new SlackError('invalid_arguments', [`errors name ${id}, which is no input block`]);
      if (typeof text !== 'string' || text === '') throw new SlackError('invalid_arguments', [`no text for ${id}`]);
      return [id, text];
    }),
  );
}
