import { checkView } from '../block-kit/check-view.js';
import { isJsonObject, type JsonObject } from '../json.js';
import type { OpenViews } from '../workspace/open-views.js';
import type { View, ViewContent } from '../workspace/view.js';
import { SlackError } from './answer.js';
import { isWellFormed, withIds } from './message-content.js';

/** Of the JSON. https://docs.slack.dev/reference/methods/views.open#errors */
const MAX_BYTES = 250_000;

/** Reads and checks a view that the app sent, in an argument or in an acknowledgement. `itself`: the one that it replaces. */
export function parseView(given: unknown, type: ViewContent['type'], views: OpenViews, itself?: View): ViewContent {
  if (!isJsonObject(given) || !isWellFormed(given))
    throw new SlackError('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  if (Buffer.byteLength(JSON.stringify(given)) > MAX_BYTES) throw new SlackError('view_too_large');
  const complaints = checkView(given);
  if (given.type !== type && complaints.length === 0) complaints.push(`must be a ${type} [json-pointer:/view/type]`);
  if (complaints.length > 0) throw new SlackError('invalid_arguments', complaints);
  const externalId = text(given.external_id);
  if (externalId !== '' && views.all().some((view) => view !== itself && view.external_id === externalId)) {
    throw new SlackError('duplicate_external_id');
  }
  return {
    type,
    blocks: withIds(Array.isArray(given.blocks) ? given.blocks : [], 'v'),
    ...textObjects(given),
    private_metadata: text(given.private_metadata),
    callback_id: text(given.callback_id),
    external_id: externalId,
    clear_on_close: given.clear_on_close === true,
    notify_on_close: given.notify_on_close === true,
    submit_disabled: given.submit_disabled === true,
  };
}

/** Undefined ones are said, so that an update takes away what it leaves out. */
function textObjects({ title, submit, close }: JsonObject): Pick<ViewContent, 'title' | 'submit' | 'close'> {
  const object = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);
  return { title: object(title), submit: object(submit), close: object(close) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
