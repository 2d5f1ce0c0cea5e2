import type { ReactNode } from 'react';
import type { Message } from '../../workspace/message.js';
import { tsMillis } from '../../workspace/timestamps.js';
import type { Workspace } from '../../workspace/workspace.js';
import { AppAvatar, PersonAvatar } from './avatar.js';

/** "3 replies · last reply …" under a root. */
export function ThreadLink({ message, workspace }: { message: Message; workspace: Workspace }): ReactNode {
  const replies = workspace.replies(message.channel, message.ts);
  const last = replies.at(-1);
  if (!last) return null;
  const authors = [...new Map(replies.map((reply) => [reply.user, reply])).values()].slice(0, 3);
  const date = new Date(tsMillis(last.ts));
  return (
    <a className="thread-link" data-testid="open-thread" href={`#/${message.channel}/${message.ts}`}>
      {authors.map((reply) =>
        reply.bot_id === undefined ? (
          <PersonAvatar key={reply.user} name={workspace.users.get(reply.user)?.realName ?? '?'} small />
        ) : (
          <AppAvatar key={reply.user} small />
        ),
      )}
      <span className="thread-count">{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span>
      <span className="thread-last">
        Last reply{' '}
        <time dateTime={date.toISOString()} data-day-and-clock="">
          {date.toISOString().slice(0, 16).replace('T', ' ')}
        </time>
      </span>
    </a>
  );
}
