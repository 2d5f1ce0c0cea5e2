import { hasEndedBefore, isUnknownSilence, serverWords } from './server-words.js';

const UNKNOWN_PATH = '{"code":404,"message":"path /api/v2/silence/ was not found"}';

describe('words of a server', () => {
  it.each([0, 9_980, 9_990])('are without our secrets, also where they are cut after %i characters', (before) => {
    const text = `${' '.repeat(before)}token correct-horse-battery-staple refused`;
    expect(serverWords({ status: 500, text }, ['correct-horse-battery-staple'])).not.toContain('correct');
  });
});

describe('an unknown silence', () => {
  it.each([
    ['Alertmanager, GET', 404, ''],
    ['Alertmanager, POST', 404, '"silence not found"'],
    ['Alertmanager 0.25, DELETE', 500, '"silence not found"'],
    [
      'Alertmanager, an id that is no UUID',
      422,
      '{"code":601,"message":"silenceID in path must be of type uuid: \\"x\\""}',
    ],
    ['Grafana', 404, '{"message":"silence not found","traceID":""}'],
    ['Grafana, by an id of the message', 404, '{"message":"Not found","messageId":"alerting.silences.notFound"}'],
  ])('is told by %s', (_, status, text) => {
    expect(isUnknownSilence({ status, text })).toBe(true);
  });

  it.each([
    ['a silence', 200, '{"comment":"silence not found"}'],
    ['another path', 404, '404 page not found\n'],
    ['another path of the API', 404, UNKNOWN_PATH],
    ['another path of Grafana', 404, '{"message":"Not found"}'],
    ['another organisation of Grafana', 404, '{"message":"Alertmanager does not exist for this organization"}'],
    ['no matchers', 422, '{"code":612,"message":"matchers in body should have at least 1 items"}'],
    ['a fault of the server', 500, '"out of space"'],
  ])('is not told by %s', (_, status, text) => {
    expect(isUnknownSilence({ status, text })).toBe(false);
  });
});

describe('a silence that ended before', () => {
  it.each([
    [500, '"silence 1234-abcd already expired"', true],
    [400, '{"message":"silence already expired"}', true],
    [500, '"out of space"', false],
    [200, '"already expired"', false],
  ])('%i %s', (status, text, expected) => {
    expect(hasEndedBefore({ status, text })).toBe(expected);
  });
});

describe('what a server says', () => {
  it.each([
    ['"a\\nb"', 'a b'],
    ['{"message":" c "}', 'c'],
    ['{"message":{"deep":1}}', ''],
    ['[1]', ''],
    ['plain\ttext\u0007\n', 'plain text'],
    ['  <html>', ''],
    ['', ''],
    ['"p4ss and p4ss"', '[secret] and [secret]'],
  ])('%j is told as %j', (text, words) => {
    expect(serverWords({ status: 400, text }, ['p4ss'])).toBe(words);
  });

  it('is cut, whatever its length, and in time', () => {
    const begin = performance.now();
    const text = 'silence'.repeat(1_000_000);
    expect(Array.from(serverWords({ status: 400, text }, ['secret']))).toHaveLength(300);
    expect(isUnknownSilence({ status: 400, text }) || hasEndedBefore({ status: 400, text })).toBe(false);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
