import type { ReactNode } from 'react';
import type { Message } from '../../workspace/message.js';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

/** Whose reactions they are is told by the page's script: it knows who is looking. */
export function ReactionBar({ message, names }: { message: Message; names: Names }): ReactNode {
  return (
    <ul className={`reactions ${message.reactions.length === 0 ? 'is-empty' : ''}`.trim()} aria-label="Reactions">
      {message.reactions.map(({ name, users }) => (
        <li key={name} data-key={name}>
          <button
            type="button"
            className="reaction"
            data-testid="reaction"
            data-key={name}
            data-reaction={name}
            data-users={users.join(' ')}
          >
            <Text text={{ type: 'plain_text', text: `:${name}:` }} names={names} />
            <span className="reaction-count">{users.length}</span>
          </button>
        </li>
      ))}
      <li data-key=" add">
        <button
          type="button"
          className="reaction add-reaction"
          data-testid="add-reaction"
          data-key=" add"
          aria-label="Add a reaction"
          aria-haspopup="dialog"
          title="Add a reaction"
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M15.5 2.5v5M13 5h5M16.8 10.6a7 7 0 1 1-6.2-7.5M6.5 12.2a3.9 3.9 0 0 0 6.4 0M7.3 8.3v.1M12 8.3v.1" />
          </svg>
        </button>
      </li>
    </ul>
  );
}
