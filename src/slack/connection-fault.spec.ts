import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { adviceOn, faultOf, refusalOf } from './connection-fault.js';

const system = (code: string) =>
  Object.assign(new Error('fetch failed'), { cause: Object.assign(new Error(), { code }) });

describe('faultOf', () => {
  it.each([
    ['nothing, as the SDK rejects when the socket closes before its hello', undefined, { code: 'closed' }],
    ['a refused token', new WebAPIPlatformError({ ok: false, error: 'invalid_auth' }), { code: 'invalid_auth' }],
    ['HTTP 500', new WebAPIHTTPError(500, 'x', {}), { code: 'http_500' }],
    ['a refused connection', new WebAPIRequestError(system('ECONNREFUSED')), { code: 'ECONNREFUSED' }],
    ['a 429', new WebAPIRateLimitedError(40), { code: 'ratelimited', retryAfterMs: 40_000 }],
    ['a time-out', new DOMException('t', 'TimeoutError'), { code: 'time_out' }],
    ['an error of the WebSocket', Object.assign(new Error('x'), { code: 'slack_x' }), { code: 'connection_lost' }],
    ['something that is no error', 'surprise', { code: 'connection_lost' }],
  ])('%s', (_what, thrown, expected) => {
    expect(faultOf(thrown)).toMatchObject(expected);
  });
});

describe('refusalOf', () => {
  it.each(['warning', 'refresh_requested', '', 'a_reason_of_tomorrow'])('%s is a planned refresh', (reason) => {
    expect(refusalOf(reason)).toBeNull();
  });

  it.each(['link_disabled', 'too_many_websockets'])('%s is not', (reason) => {
    expect(refusalOf(reason)).toMatchObject({ code: reason });
    expect(adviceOn(reason)).toEqual(expect.any(String));
  });
});

describe('adviceOn', () => {
  it('names the variable to check', () => {
    expect(adviceOn('invalid_auth')).toContain('check SLACK_APP_TOKEN');
    expect(adviceOn('constructor')).toBeUndefined();
  });
});
