import { SlackError } from '../answer.js';
import type { Method } from '../method.js';

export const userGroupMembers: Method = ({ args, workspace }) => {
  const group = workspace.userGroups.get(args.required('usergroup'));
  if (!group) throw new SlackError('no_such_subteam');
  return { users: [...group.members] };
};
