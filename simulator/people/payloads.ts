import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.js';
import { BOT, TEAM, teamOf, type User } from '../workspace/user.js';

/** Slack still sends the old verification token with everything. */
const TOKEN = 'simulator-verification-token';

/** What every payload of something that a person did begins with. */
export function interaction(type: string, user: User, triggerId: string): JsonObject {
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: teamOf(user) },
    api_app_id: BOT.app,
    token: TOKEN,
    trigger_id: triggerId,
    team: { id: TEAM.id, domain: TEAM.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** What the Events API wraps around an event. `now`: milliseconds since 1970. */
export function eventCallback(event: JsonObject, now: number): JsonObject {
  return {
    token: TOKEN,
    team_id: TEAM.id,
    api_app_id: BOT.app,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(now / 1000),
    authorizations: [
      { enterprise_id: null, team_id: TEAM.id, user_id: BOT.user, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: randomBytes(12).toString('base64url'),
  };
}
