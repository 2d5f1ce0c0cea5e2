import type { MethodName } from './coverage.js';
import type { Method } from './method.js';
import { openConnection } from './methods/apps.js';
import { deleteMessage, getPermalink, updateMessage } from './methods/chat-change.js';
import { postEphemeral, postMessage } from './methods/chat-post.js';
import { history, replies } from './methods/conversations-read.js';
import { info, join, list } from './methods/conversations.js';
import { authTest, userInfo } from './methods/identity.js';
import { addReaction, getReactions, removeReaction } from './methods/reactions.js';
import { respond } from './methods/response-url.js';
import { userGroupMembers } from './methods/user-groups.js';
import { openView, publishView, pushView, updateView } from './methods/views.js';

export const ROUTES: Readonly<Record<MethodName, Method>> = {
  'apps.connections.open': openConnection,
  'auth.test': authTest,
  'chat.postMessage': postMessage,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.join': join,
  'reactions.add': addReaction,
  'reactions.remove': removeReaction,
  'reactions.get': getReactions,
  'users.info': userInfo,
  'usergroups.users.list': userGroupMembers,
  'views.open': openView,
  'views.push': pushView,
  'views.update': updateView,
  'views.publish': publishView,
  response_url: respond,
};
