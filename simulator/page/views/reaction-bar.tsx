import type { ReactNode } from 'react';
import type { Message } from '../../workspace/message.js';
import type { Workspace } from '../../workspace/workspace.js';
import { namesOf } from './names.js';
import { Text } from './rich-text.js';

export function ReactionBar({ message, workspace }: { message: Message; workspace: Workspace }): ReactNode {
  if (message.reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {message.reactions.map(({ name, users }) => (
        <li
          key={name}
          data-reaction={name}
          title={`${users.map((id) => workspace.users.get(id)?.realName ?? id).join(', ')} reacted with :${name}:`}
        >
          <Text text={{ type: 'plain_text', text: `:${name}:` }} names={namesOf(workspace)} /> {users.length}
        </li>
      ))}
    </ul>
  );
}
