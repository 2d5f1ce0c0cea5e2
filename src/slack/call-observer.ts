/** Methods of the Web API that are called; `response_url` is the address that a click brings. */
export const SLACK_METHODS = [
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.postEphemeral',
  'conversations.history',
  'conversations.replies',
  'conversations.join',
  'reactions.get',
  'views.open',
  'views.update',
  'views.publish',
  'users.info',
  'usergroups.users.list',
  'auth.test',
  'response_url',
] as const;
export type SlackMethod = (typeof SLACK_METHODS)[number];

/** Is told how long calls to Slack take; how they ended is counted by the client. */
export abstract class SlackCallObserver {
  /** A call begins. @returns to be called at its end, however it went */
  abstract began(method: SlackMethod): () => void;
}
