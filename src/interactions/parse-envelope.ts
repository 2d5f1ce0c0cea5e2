import { MAX_MATCHERS_TEXT } from '../domain/matcher.js';
import { ownValue } from '../domain/own-value.js';
import { emojiName } from '../domain/reactions.js';
import { ACTION_IDS, CALLBACK_IDS, INPUTS } from '../rendering/action-ids.js';
import { parseButtonValue, parseViewIncident } from '../rendering/button-value.js';
import { METADATA_EVENT } from '../rendering/message.js';
import type { Envelope } from '../slack/slack-socket.js';
import type { Interaction, Parsed, SilenceInputs, Who } from './interaction.js';
import { fieldsOf, itemsOf, textOf, type Fields } from '../wire/json.js';

const USER = /^[UW][A-Z0-9]{2,30}$/;
const CHANNEL = /^[CGD][A-Z0-9]{2,30}$/;
const TS = /^\d{1,12}\.\d{1,8}$/;
const MAX_ID = 100;
/** Inputs are limited in the forms; whoever sends more gets this much of it. */
const MAX_INPUT = 3_000;

/** Reads an envelope. Never throws: the payload is as Slack, or anybody who speaks as Slack, sent it. */
export const parseEnvelope = (envelope: Pick<Envelope, 'id' | 'type' | 'payload'>): Parsed => {
  const { type, payload } = envelope;
  const id = envelope.id.slice(0, MAX_ID);
  const given = fieldsOf(payload);
  if (type === 'interactive') {
    // A repeat may come in a new envelope; what a click triggers is its own.
    const trigger = textOf(given['trigger_id']).slice(0, MAX_ID);
    return { ids: trigger === '' ? [id] : [id, trigger], interaction: interactive(given) };
  }
  if (type === 'events_api') {
    const eventId = textOf(given['event_id']).slice(0, MAX_ID);
    return { ids: eventId === '' ? [id] : [eventId, id], interaction: event(fieldsOf(given['event'])) };
  }
  return { ids: [id], interaction: { kind: 'none', reason: 'unknown-type' } };
};

const UNREADABLE: Interaction = { kind: 'none', reason: 'unreadable' };

const interactive = (payload: Fields): Interaction => {
  const userId = textOf(fieldsOf(payload['user'])['id']);
  const type = payload['type'];
  if (type !== 'block_actions' && type !== 'view_submission') return { kind: 'none', reason: 'unknown-type' };
  if (!USER.test(userId)) return UNREADABLE;
  if (type === 'view_submission') return submission(fieldsOf(payload['view']), { userId });
  const responseUrl = textOf(payload['response_url']);
  const who = { userId, ...(responseUrl === '' ? {} : { responseUrl }) };
  const action = fieldsOf(itemsOf(payload['actions'])[0]);
  return 'view' in payload ? viewAction(action, fieldsOf(payload['view']), who) : click(payload, action, who);
};

const click = (payload: Fields, action: Fields, who: Who): Interaction => {
  const container = fieldsOf(payload['container']);
  const channel = textOf(fieldsOf(payload['channel'])['id']) || textOf(container['channel_id']);
  const actionId = textOf(action['action_id']);
  if (!isOurs(actionId)) return { kind: 'none', reason: 'unknown-action' };
  const value = parseButtonValue(textOf(action['value']) || textOf(fieldsOf(action['selected_option'])['value']));
  if (value === undefined || ACTION_IDS[value.action] !== actionId || !CHANNEL.test(channel)) return UNREADABLE;
  const metadata = fieldsOf(fieldsOf(payload['message'])['metadata']);
  const deployment = textOf(fieldsOf(metadata['event_payload'])['deployment']);
  return {
    kind: 'click',
    ...who,
    value,
    channel,
    triggerId: textOf(payload['trigger_id']),
    ...(metadata['event_type'] === METADATA_EVENT && deployment !== '' ? { deployment } : {}),
  };
};

const isOurs = (actionId: string): boolean => Object.values<string>(ACTION_IDS).includes(actionId);

const viewAction = (action: Fields, view: Fields, who: Who): Interaction => {
  if (action['action_id'] !== ACTION_IDS.count) return { kind: 'none', reason: 'unknown-action' };
  const viewId = textOf(view['id']);
  const incidentId = parseViewIncident(view['private_metadata']);
  return viewId === '' ? UNREADABLE : { kind: 'count', ...who, viewId, incidentId, ...silenceInputs(view) };
};

const submission = (view: Fields, who: Who): Interaction => {
  const incidentId = parseViewIncident(view['private_metadata']);
  switch (view['callback_id']) {
    case CALLBACK_IDS.resolve: {
      const actionTaken = input(view, INPUTS.actionTaken);
      return { kind: 'resolve-form', ...who, incidentId, actionTaken, rootCause: input(view, INPUTS.rootCause) };
    }
    case CALLBACK_IDS.silence:
      return { kind: 'silence-form', ...who, incidentId, ...silenceInputs(view) };
    default:
      return { kind: 'none', reason: 'unknown-form' };
  }
};

const silenceInputs = (view: Fields): SilenceInputs => ({
  duration: input(view, INPUTS.duration),
  // One more than is taken: they are refused then. Cut matchers would silence more than anybody meant.
  matchers: input(view, INPUTS.matchers, MAX_MATCHERS_TEXT + 1),
  comment: input(view, INPUTS.comment),
});

const input = (
  view: Fields,
  { block, element }: { readonly block: string; readonly element: string },
  most = MAX_INPUT,
): string => {
  const values = fieldsOf(fieldsOf(view['state'])['values']);
  return textOf(fieldsOf(ownValue(fieldsOf(ownValue(values, block)), element))['value'])
    .trim()
    .slice(0, most);
};

const event = (given: Fields): Interaction => {
  const type = given['type'];
  const userId = textOf(given['user']);
  switch (type) {
    case 'reaction_added':
    case 'reaction_removed': {
      const item = fieldsOf(given['item']);
      const channel = textOf(item['channel']);
      const ts = textOf(item['ts']);
      if (item['type'] !== 'message' || !USER.test(userId) || !CHANNEL.test(channel) || !TS.test(ts)) return UNREADABLE;
      const name = emojiName(textOf(given['reaction']));
      return { kind: 'reaction', userId, name, added: type === 'reaction_added', channel, ts };
    }
    case 'app_home_opened':
      return USER.test(userId) && given['tab'] !== 'messages' ? { kind: 'home', userId } : UNREADABLE;
    case 'app_uninstalled':
    case 'tokens_revoked':
      return { kind: 'cut-off', event: type };
    default:
      return { kind: 'none', reason: 'unknown-type' };
  }
};
