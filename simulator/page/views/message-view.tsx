import type { ReactNode } from 'react';
import { messageText } from '../../workspace/as-text.js';
import type { Message } from '../../workspace/message.js';
import { tsMillis } from '../../workspace/timestamps.js';
import type { Workspace } from '../../workspace/workspace.js';
import { mrkdwnToLine } from '../mrkdwn.js';
import { AttachmentView } from './attachment-view.js';
import { AppAvatar, PersonAvatar } from './avatar.js';
import { Blocks } from './blocks.js';
import { namesOf, type Names } from './names.js';
import { ReactionBar } from './reaction-bar.js';
import { Text } from './rich-text.js';
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
      data-ts={message.ts}
      data-channel={message.channel}
      data-revision={message.revision}
      aria-label={`${authorOf(message, workspace)}: ${titleOf(message)}`}
    >
      {message.bot_id === undefined ? <PersonAvatar name={authorOf(message, workspace)} /> : <AppAvatar />}
      <div className="message-body">
        <Head message={message} workspace={workspace} />
        {place === 'channel' && message.thread_ts !== undefined && <Origin message={message} workspace={workspace} />}
        <Content message={message} names={names} />
        {message.edited && !message.deleted && (
          <span className="edited" data-testid="edited" title={`Edited ${message.edits} times`}>
            (edited)
          </span>
        )}
        {place === 'thread' && message.reply_broadcast && <p className="also">Also sent to the channel</p>}
        <ReactionBar message={message} workspace={workspace} />
        {place === 'channel' && <ThreadLink message={message} workspace={workspace} />}
      </div>
    </article>
  );
}

function Head({ message, workspace }: { message: Message; workspace: Workspace }): ReactNode {
  const date = new Date(tsMillis(message.ts));
  return (
    <div className="message-head">
      <span className="author">{message.deleted ? 'Deleted' : authorOf(message, workspace)}</span>
      {message.bot_id !== undefined && !message.deleted && <span className="badge">APP</span>}
      <time dateTime={date.toISOString()} data-clock="">
        {date.toISOString().slice(11, 16)}
      </time>
    </div>
  );
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

function Content({ message, names }: { message: Message; names: Names }): ReactNode {
  if (message.deleted) return <p className="tombstone">This message was deleted.</p>;
  return (
    <>
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} names={names} />
      ) : (
        message.text !== '' && <Text text={{ type: 'mrkdwn', text: message.text }} names={names} />
      )}
      {message.attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} names={names} />
      ))}
    </>
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
