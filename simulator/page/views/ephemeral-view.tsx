import type { ReactNode } from 'react';
import type { EphemeralMessage } from '../../workspace/message.js';
import { BOT } from '../../workspace/user.js';
import { AppAvatar } from './avatar.js';
import { Content } from './content.js';
import { MessageHead } from './message-head.js';
import type { Names } from './names.js';

/** A message of the app to one person. */
export function EphemeralView({ message, names }: { message: EphemeralMessage; names: Names }): ReactNode {
  return (
    <article
      className="message is-ephemeral"
      data-testid="ephemeral"
      data-key={message.ts}
      data-ts={message.ts}
      data-channel={message.channel}
      aria-label={`Only visible to you, from ${BOT.name}`}
    >
      <AppAvatar />
      <div className="message-body">
        <p className="only-you">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z" />
          </svg>
          Only visible to you
        </p>
        <MessageHead author={BOT.name} isApp ts={message.ts} />
        <Content message={message} names={names} />
        <button type="button" className="dismiss" data-testid="dismiss" data-key=" dismiss">
          Dismiss message
        </button>
      </div>
    </article>
  );
}
