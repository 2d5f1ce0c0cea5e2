import { emojiName } from '../domain/reactions.js';
import { fieldsOf, itemsOf, textOf, textsOf, type Fields } from '../wire/json.js';
import type { Reactions, SlackIdentity, SlackPerson } from './slack-client.js';

/** https://docs.slack.dev/reference/methods/reactions.get */
export const reactionsOf = (answer: Fields): Reactions => {
  const people = new Map<string, Set<string>>();
  for (const { name, users } of itemsOf(fieldsOf(answer['message'])['reactions']).map(fieldsOf)) {
    const emoji = emojiName(textOf(name));
    if (emoji === '') continue;
    people.set(emoji, new Set([...(people.get(emoji) ?? []), ...textsOf(users)]));
  }
  return people;
};

/**
 * Slack's `is_stranger` is false for people of other organisations with whom a channel is shared, so workspaces are
 * compared too. https://docs.slack.dev/reference/objects/user-object
 */
const isStranger = (user: Fields, us: SlackIdentity): boolean => {
  if (user['is_stranger'] === true) return true;
  const enterprise = fieldsOf(user['enterprise_user']);
  const theirs = [textOf(user['team_id']), textOf(enterprise['enterprise_id']), ...textsOf(enterprise['teams'])];
  const ours = [us.teamId, us.enterpriseId];
  return !theirs.some((id) => id !== '' && ours.includes(id));
};

/** https://docs.slack.dev/reference/methods/users.info */
export const personOf = (id: string, user: Fields, us: SlackIdentity): SlackPerson => {
  const profile = fieldsOf(user['profile']);
  const names = [profile['display_name'], profile['real_name'], user['real_name']].map((name) => textOf(name).trim());
  return {
    id,
    name: names.find((name) => name !== '') ?? '',
    isBot: user['is_bot'] === true || id === 'USLACKBOT', // which says of itself that it is none
    isGuest: user['is_restricted'] === true || user['is_ultra_restricted'] === true,
    isStranger: isStranger(user, us),
    isDeleted: user['deleted'] === true,
  };
};
