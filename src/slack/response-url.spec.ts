import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../test/support/eventually.js';
import { isResponseUrl, postToResponseUrl } from './response-url.js';

const SLACK = 'https://slack.com/api/';
const LOCAL = 'http://127.0.0.1:4000/api/';

describe('isResponseUrl', () => {
  it.each([
    ['https://hooks.slack.com/actions/T1/1/x', SLACK],
    ['https://hooks.slack-gov.com/actions/T1/1/x', SLACK],
    ['https://slack.com/x', SLACK],
    ['https://another.one.slack.com/x', SLACK],
    ['https://HOOKS.SLACK.COM:443/x', SLACK],
    ['http://127.0.0.1:4000/actions/x', LOCAL],
    ['https://127.0.0.1:4000/actions/x', LOCAL],
    ['https://hooks.slack.com/actions/T1/1/x', LOCAL],
    ['https://slack.internal.example/x', 'https://slack.internal.example/api/'],
  ])('takes %s with the Web API at %s', (url, apiUrl) => {
    expect(isResponseUrl(url, apiUrl)).toBe(true);
  });

  it.each([
    ['https://example.com/actions/x', SLACK],
    ['https://hooks.slack.com.example.com/x', SLACK],
    ['https://hooks-slack.com/x', SLACK],
    ['https://notslack.com/x', SLACK],
    ['https://169.254.169.254/latest/meta-data', SLACK],
    ['https://user:password@hooks.slack.com/x', SLACK],
    ['https://hooks.slack.com@example.com/x', SLACK],
    ['https://hooks.slack.com:8443/x', SLACK],
    ['http://hooks.slack.com/x', SLACK],
    ['http://slack.com/x', SLACK],
    ['https://127.0.0.1:4001/x', LOCAL],
    ['http://localhost:4000/x', LOCAL],
    ['http://slack.internal.example/x', 'https://slack.internal.example/api/'],
    ['file:///etc/passwd', SLACK],
    ['nothing', SLACK],
  ])('takes not %s with the Web API at %s', (url, apiUrl) => {
    expect(isResponseUrl(url, apiUrl)).toBe(false);
  });
});

describe('postToResponseUrl', () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/actions/secret`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['ok', '{"ok":true}', ''])('is content with %j', async (body) => {
    answer = (response) => response.end(body);
    await expect(postToResponseUrl(url, 'words')).resolves.toBeUndefined();
  });

  it('fails with what Slack says', async () => {
    answer = (response) => response.end('{"ok":false,"error":"used_url"}');
    await expect(postToResponseUrl(url, 'words')).rejects.toMatchObject({ code: 'used_url' });
  });

  it('reads the beginning of an endless answer, and ends the rest', async () => {
    let sent = 0;
    let ended = false;
    answer = (response) => {
      response.once('close', () => (ended = true));
      const more = (): void => {
        while (!ended) {
          sent += 65_536;
          if (!response.write('x'.repeat(65_536))) break;
        }
      };
      response.on('drain', more);
      more();
    };
    await expect(postToResponseUrl(url, 'words')).resolves.toBeUndefined();
    await eventually('the end of the connection', () => ended);
    expect(sent).toBeLessThan(64 * 1_048_576);
  });
});
