import type { ReactNode } from 'react';
import type { User } from '../../workspace/user.js';
import type { Workspace } from '../../workspace/workspace.js';
import { PersonAvatar } from './avatar.js';

/** Who is looking, and acts: the browser's own select, with the person's face beside it. */
export function PersonSwitch({ workspace }: { workspace: Workspace }): ReactNode {
  const people = [...workspace.users.values()]
    .filter(({ isBot, isDeleted }) => !isBot && isDeleted !== true)
    .sort((one, other) => one.realName.localeCompare(other.realName));
  const members = people.filter((user) => !isOther(user));
  return (
    <label className="you" data-testid="you">
      <span className="you-label">You are</span>
      <span id="faces">
        {people.map(({ id, realName }) => (
          <span key={id} data-face={id} hidden>
            <PersonAvatar name={realName} small />
          </span>
        ))}
      </span>
      <select id="you-are" data-testid="you-are" aria-label="You are">
        <optgroup label="Members">
          <People people={members} />
        </optgroup>
        <optgroup label="Others">
          <People people={people.filter(isOther)} />
        </optgroup>
      </select>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="m4 6 4 4 4-4" />
      </svg>
    </label>
  );
}

function People({ people }: { people: readonly User[] }): ReactNode {
  return people.map(({ id, name, realName }) => (
    <option key={id} value={id} data-name={name}>
      {realName}
    </option>
  ));
}

function isOther({ isRestricted, isStranger }: User): boolean {
  return isRestricted === true || isStranger === true;
}
