import type { ReactNode } from 'react';
import type { Message } from '../../workspace/message.js';
import type { Workspace } from '../../workspace/workspace.js';
import { MessageView } from './message-view.js';

/** A note between the root and its replies, as in Slack. */
export function ReplyCount({ count }: { count: number }): ReactNode {
  return (
    <p className="reply-count" data-count={count}>
      <span>{count === 1 ? '1 reply' : `${count} replies`}</span>
    </p>
  );
}

export function messageElement(message: Message, workspace: Workspace, place: 'channel' | 'thread'): ReactNode {
  return <MessageView message={message} workspace={workspace} place={place} />;
}
