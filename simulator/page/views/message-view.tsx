import type { ReactNode } from 'react';
import { messageText } from '../../workspace/as-text.js';
import type { Message } from '../../workspace/message.js';
import type { Workspace } from '../../workspace/workspace.js';
import { mrkdwnToLine } from '../mrkdwn.js';
import { AppAvatar, PersonAvatar } from './avatar.js';
import { Content } from './content.js';
import { MessageHead } from './message-head.js';
import { namesOf } from './names.js';
import { ReactionBar } from './reaction-bar.js';
import { ThreadLink } from './thread-link.js';

export interface MessageViewProps {
  message: Message;
  workspace: Workspace;
  /** In the thread pane, replies are drawn a little smaller and roots without their thread line. */
  place: 'channel' | 'thread';
}

export function MessageView({ message, workspace, place }: MessageViewProps): ReactNode {
  const names = namesOf(workspace);
  const isReply = place === 'thread' && message.thread_ts !== undefined;
  const testId = isReply ? 'reply' : place === 'thread' ? 'thread-root' : 'message';
  return (
    <article
      className={`message ${message.deleted ? 'is-deleted' : ''}`.trim()}
      data-testid={testId}
      data-key={message.ts}
      data-ts={message.ts}
      data-channel={message.channel}
      data-revision={message.revision}
      data-news={newsOf(message, workspace)}
      aria-label={`${authorOf(message, workspace)}: ${titleOf(message)}`}
    >
      {message.bot_id === undefined ? <PersonAvatar name={authorOf(message, workspace)} /> : <AppAvatar />}
      <div className="message-body">
        <MessageHead
          author={message.deleted ? 'Deleted' : authorOf(message, workspace)}
          isApp={message.bot_id !== undefined && !message.deleted}
          ts={message.ts}
        />
        {place === 'channel' && message.thread_ts !== undefined && <Origin message={message} workspace={workspace} />}
        {message.deleted ? (
          <p className="tombstone">This message was deleted.</p>
        ) : (
          <Content message={message} names={names} />
        )}
        {message.edited && !message.deleted && (
          <span className="edited" data-testid="edited" title={`Edited ${message.edits} times`}>
            (edited)
          </span>
        )}
        {place === 'thread' && message.reply_broadcast && <p className="also">Also sent to the channel</p>}
        {!message.deleted && <ReactionBar message={message} names={names} />}
        {place === 'channel' && <ThreadLink message={message} workspace={workspace} />}
      </div>
    </article>
  );
}

/** Differs when something changed that is worth a look: a reaction is not. */
function newsOf(message: Message, workspace: Workspace): string {
  const replies = workspace.replies(message.channel, message.ts).length;
  return `${message.edits} ${replies} ${message.deleted ? 'deleted' : ''}`;
}

/** On a broadcast reply in the channel. */
function Origin({ message, workspace }: { message: Message; workspace: Workspace }): ReactNode {
  const root = message.thread_ts === undefined ? undefined : workspace.message(message.channel, message.thread_ts);
  return (
    <p className="origin">
      replied to a thread:{' '}
      <a href={`#/${message.channel}/${message.thread_ts ?? ''}`}>{root ? titleOf(root) : 'a thread'}</a>
    </p>
  );
}

/** The first line of it, cut to a length that fits a line. */
function titleOf(message: Message): string {
  const line = messageText(message).split('\n').find(Boolean) ?? '';
  return mrkdwnToLine(line).slice(0, 100);
}

function authorOf(message: Message, workspace: Workspace): string {
  return message.username ?? workspace.users.get(message.user)?.realName ?? message.user;
}
