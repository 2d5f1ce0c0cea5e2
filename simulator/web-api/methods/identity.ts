import { BOT, TEAM, teamOf } from '../../workspace/user.js';
import { SlackError } from '../answer.js';
import type { Method } from '../method.js';

export const authTest: Method = ({ url }) => ({
  url,
  team: TEAM.name,
  user: 'alert-threader',
  team_id: TEAM.id,
  user_id: BOT.user,
  bot_id: BOT.bot,
  is_enterprise_install: false,
});

export const userInfo: Method = ({ args, workspace }) => {
  const user = workspace.users.get(args.required('user'));
  if (!user) throw new SlackError('user_not_found');
  return {
    user: {
      id: user.id,
      team_id: teamOf(user),
      name: user.name,
      deleted: user.isDeleted ?? false,
      real_name: user.realName,
      tz: 'Etc/UTC',
      tz_label: 'Coordinated Universal Time',
      tz_offset: 0,
      profile: { real_name: user.realName, display_name: user.name, image_48: '', team: teamOf(user) },
      is_admin: false,
      is_owner: false,
      is_restricted: user.isRestricted ?? false,
      is_ultra_restricted: user.isUltraRestricted ?? false,
      ...(user.isStranger && { is_stranger: true }),
      is_bot: user.isBot,
      is_app_user: false,
      updated: 1_700_000_000,
    },
  };
};
