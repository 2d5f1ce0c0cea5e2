import { inspect } from 'node:util';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { errorOf } from './error-mapper.js';

const platform = (error: string) => new WebAPIPlatformError({ ok: false, error });
const system = (code: string) =>
  Object.assign(new Error('fetch failed'), { cause: Object.assign(new Error(code), { code }) });

/** Codes are covered one by one in test/delivery/slack-answers.spec.ts; here is what else the SDK can throw. */
describe('errorOf', () => {
  it.each([
    ['a 429 with its time', new WebAPIRateLimitedError(7), { kind: 'rate', retryAfterMs: 7_000 }],
    [
      'a 429 without one, which the SDK throws as a plain Error',
      new Error('Retry header did not contain a valid timeout (url: chat.postMessage, retry-after header: null)'),
      { kind: 'rate', retryAfterMs: 30_000 },
    ],
    ['HTTP 503', new WebAPIHTTPError(503, 'x', {}), { kind: 'transient', code: 'http_503' }],
    ['HTTP 502: the message may have been passed on', new WebAPIHTTPError(502, 'x', {}), { kind: 'ambiguous' }],
    ['HTTP 413 of a proxy', new WebAPIHTTPError(413, 'x', {}), { kind: 'payload', code: 'http_413' }],
    ['HTTP 403 of a proxy', new WebAPIHTTPError(403, 'x', {}), { kind: 'unknown', code: 'http_403' }],
    [
      'HTML with status 200',
      platform('<html><body>Sorry</body></html>'),
      { kind: 'ambiguous', code: 'unreadable_answer' },
    ],
    [
      'a refused connection',
      new WebAPIRequestError(system('ECONNREFUSED')),
      { kind: 'transient', code: 'ECONNREFUSED' },
    ],
    ['an unknown host', new WebAPIRequestError(system('ENOTFOUND')), { kind: 'transient', code: 'ENOTFOUND' }],
    ['a certificate that is not valid', new WebAPIRequestError(system('CERT_HAS_EXPIRED')), { kind: 'transient' }],
    ['a reset connection', new WebAPIRequestError(system('ECONNRESET')), { kind: 'ambiguous', code: 'ECONNRESET' }],
    [
      'both addresses of a host refused',
      new WebAPIRequestError(
        Object.assign(new Error('fetch failed'), { cause: new AggregateError([system('ECONNREFUSED'), system('x')]) }),
      ),
      { kind: 'transient', code: 'ECONNREFUSED' },
    ],
    [
      'a time-out',
      new WebAPIRequestError(new DOMException('t', 'TimeoutError')),
      { kind: 'ambiguous', code: 'time_out' },
    ],
    [
      'a body that stalls: a raw DOMException',
      new DOMException('t', 'TimeoutError'),
      { kind: 'ambiguous', code: 'time_out' },
    ],
    ['anything else', new Error('surprise'), { kind: 'ambiguous', code: 'connection_lost' }],
    ['a code of tomorrow', platform('a_code_of_tomorrow'), { kind: 'unknown', code: 'a_code_of_tomorrow' }],
  ])('%s', (_what, thrown, expected) => {
    expect(errorOf('chat.postMessage', thrown)).toMatchObject(expected);
  });

  it('carries neither the answer of a proxy nor its headers', () => {
    const error = errorOf(
      'chat.postMessage',
      new WebAPIHTTPError(503, 'x', { authorization: 'xoxb-secret' }, 'xoxb-secret'),
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('xoxb-secret');
  });
});
