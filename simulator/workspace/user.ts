export interface User {
  id: string;
  /** The @handle. */
  name: string;
  realName: string;
  isBot: boolean;
  /** A guest: sees the channels that they were added to. Default false. */
  isRestricted?: boolean;
  /** A guest of one channel; `isRestricted` is true with it. Default false. */
  isUltraRestricted?: boolean;
  /** Of another organisation, met in a shared channel. Default false. */
  isStranger?: boolean;
  /** Their own workspace. Default: this one. */
  teamId?: string;
  /** The account was closed. Default false. */
  isDeleted?: boolean;
}

export interface UserGroup {
  id: string;
  handle: string;
  /** User ids; a test may change them. */
  members: string[];
}

/** The app that the tests and the demo stand for. */
export const BOT = { user: 'U0THREADER', bot: 'B0THREADER', app: 'A0THREADER', name: 'Alert Threader' } as const;

export const TEAM = { id: 'T0SIMULATE', name: 'Simulator', domain: 'simulator' } as const;

export const DEFAULT_USERS: readonly User[] = [
  { id: BOT.user, name: 'alert-threader', realName: BOT.name, isBot: true },
  { id: 'U0JIHYE001', name: 'jihye', realName: 'Jihye Park', isBot: false },
  { id: 'U0MARCO001', name: 'marco', realName: 'Marco Rossi', isBot: false },
  { id: 'U0ALICE01', name: 'alice', realName: 'Alice', isBot: false },
  { id: 'U0BOB00001', name: 'bob', realName: 'Bob', isBot: false },
  { id: 'U0GUEST001', name: 'gina', realName: 'Gina (guest)', isBot: false, isRestricted: true },
  {
    id: 'U0GUEST002',
    name: 'sam',
    realName: 'Sam (guest of one channel)',
    isBot: false,
    isRestricted: true,
    isUltraRestricted: true,
  },
  {
    id: 'U0STRANGE1',
    name: 'stella',
    realName: 'Stella (another company)',
    isBot: false,
    isStranger: true,
    teamId: 'T0ELSEWHER',
  },
];

export const DEFAULT_USER_GROUPS: readonly UserGroup[] = [
  { id: 'S0ONCALL01', handle: 'oncall', members: ['U0ALICE01'] },
];

export function teamOf(user: User): string {
  return user.teamId ?? TEAM.id;
}
