/**
 * What the simulator covers of Slack's Web API: each method with its pace and its arguments.
 * `used`: has its effect here. `accepted`: checked by Slack, known, without an effect here.
 * An argument in neither list is written to the call log as unknown. A test holds this table against the routes.
 */
export interface Coverage {
  /** Calls a minute and workspace; 'channel' is chat.postMessage's own pace. https://docs.slack.dev/apis/web-api/rate-limits */
  pace: number | 'channel';
  used: readonly string[];
  accepted?: readonly string[];
  /** Arguments without which Slack answers `invalid_arguments`. */
  required?: readonly string[];
  /** Default `bot`. `none`: the address is the secret. */
  token?: 'bot' | 'app' | 'none';
}

/** Slack promises "1+"; what it really takes is not known, and a supervisor that reconnects must get through. */
const TIER_1 = 20;
const TIER_2 = 20;
const TIER_3 = 50;
const TIER_4 = 100;

/** "Special" in Slack's table: hundreds a minute. */
const SPECIAL = 600;

const CONTENT = ['text', 'blocks', 'attachments'];
const STYLE = ['parse', 'link_names', 'as_user'];
const POINTER = ['interactivity_pointer'];
const RANGE = ['channel', 'oldest', 'latest', 'inclusive', 'limit', 'cursor', 'include_all_metadata'];

export const COVERAGE = {
  'apps.connections.open': { pace: TIER_1, used: [], token: 'app' },
  'auth.test': { pace: SPECIAL, used: [] },
  'chat.postMessage': {
    pace: 'channel',
    used: ['channel', ...CONTENT, 'thread_ts', 'reply_broadcast', 'metadata', 'client_msg_id', 'username'],
    accepted: [...STYLE, 'unfurl_links', 'unfurl_media', 'mrkdwn', 'icon_emoji', 'icon_url'],
    required: ['channel'],
  },
  'chat.update': {
    pace: TIER_3,
    used: ['channel', 'ts', ...CONTENT, 'metadata', 'reply_broadcast'],
    accepted: STYLE,
    required: ['channel', 'ts'],
  },
  'chat.delete': { pace: TIER_3, used: ['channel', 'ts'], accepted: ['as_user'], required: ['channel', 'ts'] },
  'chat.postEphemeral': {
    pace: TIER_4,
    used: ['channel', 'user', ...CONTENT, 'thread_ts'],
    accepted: [...STYLE, 'username', 'icon_emoji', 'icon_url'],
    required: ['channel', 'user'],
  },
  'chat.getPermalink': { pace: SPECIAL, used: ['channel', 'message_ts'], required: ['channel', 'message_ts'] },
  'conversations.history': { pace: TIER_3, used: RANGE, required: ['channel'] },
  'conversations.replies': { pace: TIER_3, used: [...RANGE, 'ts'], required: ['channel', 'ts'] },
  'conversations.info': {
    pace: TIER_3,
    used: ['channel', 'include_num_members'],
    accepted: ['include_locale'],
    required: ['channel'],
  },
  'conversations.list': {
    pace: TIER_2,
    used: ['types', 'exclude_archived', 'limit', 'cursor'],
    accepted: ['team_id'],
  },
  'conversations.join': { pace: TIER_3, used: ['channel'], required: ['channel'] },
  'reactions.add': {
    pace: TIER_3,
    used: ['channel', 'timestamp', 'name'],
    required: ['channel', 'timestamp', 'name'],
  },
  'reactions.remove': { pace: TIER_3, used: ['channel', 'timestamp', 'name'], required: ['name'] },
  'reactions.get': { pace: TIER_3, used: ['channel', 'timestamp', 'full'] },
  'users.info': { pace: TIER_4, used: ['user'], accepted: ['include_locale'], required: ['user'] },
  'usergroups.users.list': {
    pace: TIER_2,
    used: ['usergroup'],
    accepted: ['include_disabled', 'team_id'],
    required: ['usergroup'],
  },
  'views.open': { pace: TIER_4, used: ['trigger_id', 'view'], accepted: POINTER, required: ['view'] },
  'views.push': { pace: TIER_4, used: ['trigger_id', 'view'], accepted: POINTER, required: ['view'] },
  'views.update': { pace: TIER_4, used: ['view_id', 'external_id', 'hash', 'view'], required: ['view'] },
  'views.publish': { pace: TIER_4, used: ['user_id', 'hash', 'view'], required: ['user_id', 'view'] },
  // No method: what is posted to the response_url of an interaction. Its pace is not documented.
  response_url: {
    pace: SPECIAL,
    used: [...CONTENT, 'response_type', 'replace_original', 'delete_original', 'thread_ts', 'metadata'],
    accepted: [...STYLE, 'unfurl_links', 'unfurl_media', 'mrkdwn'],
    token: 'none',
  },
} as const satisfies Record<string, Coverage>;

export type MethodName = keyof typeof COVERAGE;

export function isCovered(method: string): method is MethodName {
  return Object.hasOwn(COVERAGE, method);
}

export function coverageOf(method: MethodName): Coverage {
  return COVERAGE[method];
}

/** The token may come as an argument too; it is never logged. */
export function unknownArguments(method: string, names: readonly string[]): string[] {
  if (!isCovered(method)) return [];
  const { used, accepted = [] } = coverageOf(method);
  const known = new Set(['token', ...used, ...accepted]);
  return names.filter((name) => !known.has(name));
}
