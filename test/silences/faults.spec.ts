import type { ServerResponse } from 'node:http';
import type { SilenceClient } from '../../src/silences/silence-client.js';
import { eventually } from '../support/eventually.js';
import { ApiServer, type ApiAnswer } from './api-server.js';
import { clientOf, draft, failureOf, limitedClient } from './clients.js';

const TOKEN = 'topsecret-token';
const ID = '11111111-1111-4111-8111-111111111111';
const HTML = '<!DOCTYPE html>\n<html><body>Bad Gateway topsecret-token</body></html>';

describe('a silence that fails', () => {
  let server: ApiServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const environment = (url: string): Record<string, string> => ({ ALERTMANAGER_URL: url, ALERTMANAGER_TOKEN: TOKEN });

  const answering = async (answer: (response: ServerResponse) => ApiAnswer | undefined): Promise<SilenceClient> => {
    server = await ApiServer.start((_, response) => answer(response));
    return clientOf('alertmanager', environment(server.url));
  };

  it.each<[string, ApiAnswer, string, string]>([
    ['500', { status: 500, body: '"out of\\nspace"' }, 'ambiguous', 'Alertmanager failed (500): out of space'],
    ['502 of a proxy', { status: 502, body: HTML }, 'ambiguous', 'Alertmanager failed (502)'],
    ['503', { status: 503, body: 'starting' }, 'unavailable', "Alertmanager can't do this now (503): starting"],
    ['429', { status: 429 }, 'unavailable', "Alertmanager can't do this now (429)"],
    [
      '403',
      { status: 403, body: { message: 'read only' } },
      'auth',
      'Alertmanager does not let us do this (403): check what ALERTMANAGER_TOKEN may do: read only',
    ],
    ['400', { status: 400, body: { code: 601, message: 'bad' } }, 'refused', 'Alertmanager refused the silence: bad'],
    [
      'words that go on',
      { status: 400, body: '🔥'.repeat(1_000) },
      'refused',
      `Alertmanager refused the silence: ${'🔥'.repeat(299)}…`,
    ],
    [
      'words with our token',
      { status: 422, body: `Bearer ${TOKEN}?` },
      'refused',
      'Alertmanager refused the silence: Bearer [secret]?',
    ],
    [
      'a wrong address',
      { status: 404, body: '404 page not found' },
      'refused',
      'Alertmanager has nothing there (404): check ALERTMANAGER_URL: 404 page not found',
    ],
    [
      'HTML with 200',
      { status: 200, body: HTML },
      'ambiguous',
      "what Alertmanager answered can't be read: check that ALERTMANAGER_URL leads to it",
    ],
    [
      'broken JSON',
      { status: 200, body: '{"silenceID": "topsecret-token' },
      'ambiguous',
      "what Alertmanager answered can't be read: check that ALERTMANAGER_URL leads to it",
    ],
    [
      'JSON of another kind',
      { status: 200, body: { silenceID: 7 } },
      'ambiguous',
      "what Alertmanager answered can't be read: check that ALERTMANAGER_URL leads to it",
    ],
  ])('with %s', async (_, answer, kind, message) => {
    const client = await answering(() => answer);
    expect(await failureOf(client.put(draft()), [TOKEN])).toMatchObject({ kind, message });
  });

  it('with a refused connection', async () => {
    const client = await answering(() => undefined);
    await server?.close();
    expect(await failureOf(client.put(draft()), [TOKEN])).toMatchObject({
      kind: 'unavailable',
      code: 'ECONNREFUSED',
      message: "Alertmanager can't be reached (ECONNREFUSED)",
    });
  });

  it('with a name that leads nowhere', async () => {
    const client = clientOf('alertmanager', environment('http://alertmanager.invalid'));
    expect(await failureOf(client.list(), [TOKEN])).toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^Alertmanager can't be reached \((ENOTFOUND|EAI_AGAIN)\)$/),
    });
  });

  it.each<[string, (response: ServerResponse) => undefined]>([
    ['at all', () => undefined],
    ['to the end', (response) => void response.writeHead(200).write('{"silenceID"')],
  ])('with no answer %s', async (_, answer) => {
    await answering(answer);
    const client = limitedClient(environment(server?.url ?? ''), { timeoutMs: 100 });
    expect(await failureOf(client.put(draft()), [TOKEN])).toMatchObject({
      kind: 'ambiguous',
      code: 'time_out',
      message: 'Alertmanager did not answer within 0.1 s',
    });
  });

  it.each<[string, (response: ServerResponse) => undefined]>([
    ['before the answer', (response) => void response.destroy()],
    ['in the answer', (response) => void response.writeHead(200).write('{"', () => void response.destroy())],
  ])('with a connection that breaks %s', async (_, answer) => {
    const client = await answering(answer);
    expect(await failureOf(client.put(draft()), [TOKEN])).toMatchObject({
      kind: 'ambiguous',
      message: expect.stringMatching(/^the connection to Alertmanager broke \(\w+\)$/),
    });
  });

  it('with an answer that does not end', async () => {
    let closed = false;
    await answering((response) => {
      const more = (): void => {
        response.write('x'.repeat(10_000), (error) => {
          if (!error) more();
        });
      };
      response.on('close', () => (closed = true)).writeHead(200);
      more();
    });
    const client = limitedClient(environment(server?.url ?? ''), { maxAnswerBytes: 100_000 });
    expect(await failureOf(client.list())).toMatchObject({
      kind: 'ambiguous',
      code: 'too_large',
      message: 'Alertmanager answered more than we can read',
    });
    await eventually('the client to end the download', () => closed);
  });

  it.each([301, 302, 307, 308])('with a redirect (%i), which our token does not follow', async (status) => {
    const other = await ApiServer.start(() => ({ status: 200, body: [] }));
    const client = await answering(() => ({ status, headers: { location: `${other.url}/?topsecret` } }));
    for (const call of [() => client.put(draft()), () => client.list()]) {
      expect(await failureOf(call(), [TOKEN, 'topsecret'])).toMatchObject({
        kind: 'refused',
        code: `http_${status}`,
        message: `Alertmanager answered with a redirect (${status}), which we don't follow: check ALERTMANAGER_URL`,
      });
    }
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it.each([
    ['no list', {}],
    ['an alert that can not be read', [{ fingerprint: 'a', labels: { a: 'b' } }, { labels: { a: 'b' } }]],
  ])('is not an alert that is gone: %s', async (_, body) => {
    const client = await answering(() => ({ status: 200, body }));
    expect(await failureOf(client.alerts([]))).toMatchObject({ kind: 'ambiguous', code: 'unreadable_answer' });
  });

  it.each<[string, ApiAnswer]>([
    ['Alertmanager before 0.25', { status: 500, body: `"silence ${ID} already expired"` }],
    ['Alertmanager 0.25 of an id it does not know', { status: 500, body: '"silence not found"' }],
    ['Alertmanager of an id it does not know', { status: 404 }],
  ])('does not fail at its end for %s', async (_, answer) => {
    const client = await answering(() => answer);
    await client.expire(ID);
    expect(server?.requests).toHaveLength(1);
  });

  it('is made anew where it was forgotten between the question and the change', async () => {
    const silence = {
      id: ID,
      status: { state: 'active' },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T01:00:00Z',
    };
    let posts = 0;
    server = await ApiServer.start(({ method }) => {
      if (method === 'GET') return { status: 200, body: silence };
      posts += 1;
      return posts === 1 ? { status: 404, body: '"silence not found"' } : { status: 200, body: { silenceID: 'anew' } };
    });
    const client = clientOf('alertmanager', environment(server.url));
    expect(await client.put(draft({ id: ID }))).toBe('anew');
    expect(server.requests.map(({ body }) => (body as { id?: string } | undefined)?.id)).toEqual([
      undefined,
      ID,
      undefined,
    ]);
  });
});

describe('a server that is not configured', () => {
  it('has no silences', () => {
    expect(() => clientOf('grafana', { ALERTMANAGER_URL: 'http://am' })).toThrow('no address for grafana');
    expect(clientOf('alertmanager', { ALERTMANAGER_URL: 'http://am' }).name).toBe('Alertmanager');
  });
});
