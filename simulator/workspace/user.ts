export interface User {
  id: string;
  /** The @handle. */
  name: string;
  realName: string;
  isBot: boolean;
}

/** The app that the tests and the demo stand for. */
export const BOT = { user: 'U0THREADER', bot: 'B0THREADER', app: 'A0THREADER', name: 'Alert Threader' } as const;

export const TEAM = { id: 'T0SIMULATE', name: 'Simulator' } as const;

export const DEFAULT_USERS: readonly User[] = [
  { id: BOT.user, name: 'alert-threader', realName: BOT.name, isBot: true },
  { id: 'U0JIHYE001', name: 'jihye', realName: 'Jihye Park', isBot: false },
  { id: 'U0MARCO001', name: 'marco', realName: 'Marco Rossi', isBot: false },
];
