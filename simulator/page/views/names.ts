import type { Workspace } from '../../workspace/workspace.js';

/** What mentions are drawn as. */
export interface Names {
  users: { id: string; name: string }[];
  channels: { id: string; name: string }[];
}

export function namesOf(workspace: Workspace): Names {
  return {
    users: [...workspace.users.values()].map(({ id, name }) => ({ id, name })),
    channels: workspace.channels.map(({ id, name }) => ({ id, name })),
  };
}
