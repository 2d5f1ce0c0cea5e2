import type { MethodName } from './coverage.js';
import type { Method } from './method.js';
import { deleteMessage, getPermalink, updateMessage } from './methods/chat-change.js';
import { postEphemeral, postMessage } from './methods/chat-post.js';
import { history, replies } from './methods/conversations-read.js';
import { info, join, list } from './methods/conversations.js';
import { authTest, userInfo } from './methods/identity.js';
import { addReaction, getReactions, removeReaction } from './methods/reactions.js';

/** Socket Mode and modals (apps.connections.open, views.open) find their place here and in the coverage table. */
export const ROUTES: Readonly<Record<MethodName, Method>> = {
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
};
