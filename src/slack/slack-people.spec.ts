import { personOf, reactionsOf } from './slack-people.js';

const us = { userId: 'U0BOT', teamId: 'T1', enterpriseId: 'E1' };

describe('personOf', () => {
  it.each([
    [{ profile: { display_name: 'ann', real_name: 'Anna Lee' } }, 'ann'],
    [{ profile: { display_name: ' ', real_name: 'Anna Lee' } }, 'Anna Lee'],
    [{ real_name: 'Anna Lee', profile: {} }, 'Anna Lee'],
    [{ profile: { display_name: 7 } }, ''],
    [{}, ''],
  ])('takes the display name, else the real name', (user, name) => {
    expect(personOf('U1', { team_id: 'T1', ...user }, us).name).toBe(name);
  });

  it.each([
    ['of our workspace', { team_id: 'T1' }, false],
    ['of our organisation', { team_id: 'E1' }, false],
    ['of another workspace of our organisation', { team_id: 'T2', enterprise_user: { enterprise_id: 'E1' } }, false],
    ['who is in our workspace too', { team_id: 'T2', enterprise_user: { enterprise_id: 'E2', teams: ['T1'] } }, false],
    ['of another organisation, in a shared channel', { team_id: 'T9', is_stranger: false }, true],
    ['of whom Slack says so', { team_id: 'T1', is_stranger: true }, true],
    ['of whom nothing is known', {}, true],
  ])('knows a person %s', (_who, user, isStranger) => {
    expect(personOf('U1', user, us).isStranger).toBe(isStranger);
  });

  it.each([
    ['a bot', 'U1', { is_bot: true }, { isBot: true }],
    ['Slackbot', 'USLACKBOT', { is_bot: false }, { isBot: true }],
    ['a guest', 'U1', { is_restricted: true }, { isGuest: true }],
    ['a guest of one channel', 'U1', { is_ultra_restricted: true }, { isGuest: true }],
    ['a closed account', 'U1', { deleted: true }, { isDeleted: true }],
  ])('knows %s', (_who, id, user, expected) => {
    expect(personOf(id, { team_id: 'T1', ...user }, us)).toMatchObject(expected);
  });
});

describe('reactionsOf', () => {
  it('puts skin tones together, and takes any answer', () => {
    const reactions = [
      { name: '+1', users: ['U1'] },
      { name: '+1::skin-tone-3', users: ['U2', 7] },
      { name: 7, users: ['U3'] },
      { name: 'eyes' },
      null,
    ];
    expect(reactionsOf({ message: { reactions } })).toEqual(
      new Map([
        ['+1', new Set(['U1', 'U2'])],
        ['eyes', new Set()],
      ]),
    );
    expect(reactionsOf({})).toEqual(new Map());
  });
});
