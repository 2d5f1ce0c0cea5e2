import { ApiServer, type ApiAnswer, type ApiRequest } from './api-server.js';
import { clientOf, draft, failureOf, is } from './clients.js';

const API = '/grafana/api/alertmanager/grafana/api/v2';
const TOKEN = 'glsa_a-service-accounts-token';
const ID = 'c2b8a0f4-1d1d-4c1c-9a6e-0123456789ab';
const NOT_FOUND = { status: 404, body: { message: 'silence not found', traceID: '' } };

const SILENCE = {
  id: ID,
  status: { state: 'active' },
  updatedAt: '2026-01-02T03:04:05.678Z',
  matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
  startsAt: '2026-01-02T03:04:05.678Z',
  endsAt: '2026-01-02T04:04:05.000Z',
  createdBy: 'Anna (Slack)',
  comment: 'soon',
  // newer versions add these
  accessControl: { write: true },
  metadata: { rule_uid: 'abc', folder_uid: 'def' },
};

/** As Grafana's routes answer: 202 for a silence that was made, `{message, traceID}` for what went wrong. */
const grafana = ({ method, path, headers }: ApiRequest): ApiAnswer => {
  if (headers.authorization !== `Bearer ${TOKEN}`) {
    return {
      status: 401,
      body: { message: 'Invalid API key', messageId: 'api-key.invalid', statusCode: 401, traceID: '' },
    };
  }
  const [route = ''] = path.split('?');
  switch (`${method} ${route}`) {
    case `POST ${API}/silences`:
      return { status: 202, body: { silenceID: ID } };
    case `GET ${API}/silences`:
      return { status: 200, body: [SILENCE, { ...SILENCE, matchers: undefined }] };
    case `GET ${API}/silence/${ID}`:
      return { status: 200, body: SILENCE };
    case `DELETE ${API}/silence/${ID}`:
      return { status: 200, body: { message: 'silence deleted' } };
    case `GET ${API}/alerts`:
      return {
        status: 200,
        body: [
          {
            annotations: {},
            endsAt: '2026-01-02T04:04:05.000Z',
            fingerprint: '66b6d0bf3a6d4a31',
            labels: { alertname: 'DiskFull', grafana_folder: 'Shop' },
            receivers: [{ name: 'slack' }],
            status: { inhibitedBy: [], silencedBy: [ID], state: 'suppressed' },
          },
        ],
      };
    default:
      return route.startsWith(`${API}/silence/`) ? NOT_FOUND : { status: 404, body: { message: 'Not found' } };
  }
};

describe('silences in a local server that answers as Grafana’s API is documented (not in a real Grafana)', () => {
  let server: ApiServer;
  const client = (token = TOKEN): ReturnType<typeof clientOf> =>
    clientOf('grafana', { GRAFANA_URL: `${server.url}/grafana`, GRAFANA_TOKEN: token });

  beforeEach(async () => {
    server = await ApiServer.start(grafana);
  });
  afterEach(() => server.close());

  it('are made', async () => {
    const wanted = draft();
    expect(await client().put(wanted)).toBe(ID);
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: `${API}/silences`,
        headers: { 'content-type': 'application/json' },
        body: {
          matchers: wanted.matchers,
          startsAt: new Date(wanted.startsAt).toISOString(),
          endsAt: new Date(wanted.endsAt).toISOString(),
          createdBy: wanted.createdBy,
          comment: wanted.comment,
        },
      },
    ]);
    expect(server.requests[0]?.body).not.toHaveProperty('id');
  });

  it('are changed with the start that they have', async () => {
    expect(await client().put(draft({ id: ID }))).toBe(ID);
    expect(server.requests.map(({ method, body }) => [method, body])).toEqual([
      ['GET', undefined],
      ['POST', expect.objectContaining({ id: ID, startsAt: SILENCE.startsAt })],
    ]);
  });

  it('are read', async () => {
    const { matchers, createdBy, comment } = SILENCE;
    const times = { startsAt: Date.parse(SILENCE.startsAt), endsAt: Date.parse(SILENCE.endsAt) };
    const silence = { id: ID, state: 'active', matchers, createdBy, comment, ...times };
    expect(await client().get(ID)).toEqual(silence);
    expect(await client().list()).toEqual([silence, { ...silence, matchers: [] }]);
  });

  it('end', async () => {
    await client().expire(ID);
    expect(server.requests).toMatchObject([{ method: 'DELETE', path: `${API}/silence/${ID}` }]);
  });

  it('are not there by an id that is unknown', async () => {
    const id = ID.replace('c', 'd');
    expect(await client().get(id)).toBeUndefined();
    await client().expire(id);
    expect(await client().put(draft({ id }))).toBe(ID);
    expect(server.requests.at(-1)?.body).not.toHaveProperty('id');
  });

  it('leave the alerts visible', async () => {
    expect(await client().alerts([is('alertname', 'a "b" & c')])).toEqual([
      { fingerprint: '66b6d0bf3a6d4a31', labels: { alertname: 'DiskFull', grafana_folder: 'Shop' }, silencedBy: [ID] },
    ]);
    const query = new URL(server.requests[0]?.path ?? '', server.url).searchParams;
    expect([...query]).toEqual([
      ['active', 'true'],
      ['silenced', 'true'],
      ['inhibited', 'true'],
      ['filter', 'alertname="a \\"b\\" & c"'],
    ]);
  });

  it('come from a server that does not say since when it is up', async () => {
    expect(await client().startedAt()).toBeNull();
    expect(server.requests).toEqual([]);
  });

  it('want a token', async () => {
    expect(await failureOf(client('glsa_wrong').list(), ['glsa_wrong'])).toMatchObject({
      kind: 'auth',
      message: 'Grafana refused our credentials (401): check GRAFANA_TOKEN: Invalid API key',
    });
  });
});
