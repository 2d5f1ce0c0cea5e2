import { Alertmanager, ensureAlertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { ApiServer } from './api-server.js';
import { clientOf, draft, failureOf } from './clients.js';

/** bcrypt with the least cost, which is enough for a test. */
const LOGIN = {
  username: 'threader',
  password: 'correct horse',
  hash: '$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
};

describe('a real Alertmanager with basic authentication', () => {
  let alertmanager: Alertmanager;
  const client = (password: string): ReturnType<typeof clientOf> =>
    clientOf('alertmanager', {
      ALERTMANAGER_URL: alertmanager.url,
      ALERTMANAGER_USERNAME: LOGIN.username,
      ALERTMANAGER_PASSWORD: password,
    });

  beforeAll(async () => {
    await ensureAlertmanager();
    const settings = {
      url: 'http://127.0.0.1:9/alert',
      group_wait: '1h',
      group_interval: '1h',
      repeat_interval: '24h',
    };
    alertmanager = await Alertmanager.start(settings, { login: LOGIN });
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => alertmanager.stop());

  it('lets the right password in', async () => {
    const right = client(LOGIN.password);
    const id = await right.put(draft());
    expect(await right.get(id)).toMatchObject({ state: 'active', createdBy: 'Anna (Slack)' });
    await right.expire(id);
  });

  it('refuses a wrong password', async () => {
    const wrong = client('battery staple');
    const refusal = {
      kind: 'auth',
      code: 'http_401',
      message: expect.stringMatching(
        /^Alertmanager refused our credentials \(401\): check ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD\b/,
      ),
    };
    for (const call of [
      () => wrong.put(draft()),
      () => wrong.list(),
      () => wrong.alerts([]),
      () => wrong.startedAt(),
    ]) {
      expect(await failureOf(call(), ['battery staple'])).toMatchObject(refusal);
    }
  });

  it('refuses nobody at all', async () => {
    const nobody = clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url });
    const { message } = await failureOf(nobody.list());
    expect(message).toMatch(
      /^Alertmanager wants credentials \(401\): set ALERTMANAGER_TOKEN, or ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD\b/,
    );
  });
});

describe('a server behind a proxy that wants a bearer token', () => {
  const TOKEN = 'a-bearer-token';
  let server: ApiServer;

  beforeEach(async () => {
    server = await ApiServer.start(({ headers }) =>
      headers.authorization === `Bearer ${TOKEN}`
        ? { status: 200, body: [] }
        : { status: 401, body: `no such token: ${headers.authorization ?? ''}` },
    );
  });
  afterEach(() => server.close());

  const client = (token: string): ReturnType<typeof clientOf> =>
    clientOf('alertmanager', { ALERTMANAGER_URL: server.url, ALERTMANAGER_TOKEN: token });

  it('lets the right token in', async () => {
    expect(await client(TOKEN).list()).toEqual([]);
  });

  it('refuses a wrong token, which is not told even if the server tells it', async () => {
    expect(await failureOf(client('a-wrong-token').list(), ['a-wrong-token'])).toMatchObject({
      kind: 'auth',
      code: 'http_401',
      message: 'Alertmanager refused our credentials (401): check ALERTMANAGER_TOKEN: no such token: Bearer [secret]',
    });
  });
});
