import fc from 'fast-check';
import { parseSocketMessage } from './socket-message.js';

const parse = (message: unknown) => parseSocketMessage(JSON.stringify(message));

describe('parseSocketMessage', () => {
  it.each([
    ['a hello', { type: 'hello', num_connections: 3 }, { kind: 'hello', connections: 3 }],
    ['a hello without a count', { type: 'hello' }, { kind: 'hello', connections: null }],
    ['a hello with a silly count', { type: 'hello', num_connections: '3' }, { kind: 'hello', connections: null }],
    ['a refresh', { type: 'disconnect', reason: 'warning' }, { kind: 'disconnect', reason: 'warning' }],
    ['a disconnect without a reason', { type: 'disconnect' }, { kind: 'disconnect', reason: '' }],
    ['a number', 7, { kind: 'none' }],
    ['null', null, { kind: 'none' }],
    ['something without an envelope id', { type: 'interactive', payload: {} }, { kind: 'none' }],
    ['an envelope id that is no text', { type: 'interactive', envelope_id: 7 }, { kind: 'none' }],
  ])('%s', (_what, message, expected) => {
    expect(parse(message)).toEqual(expected);
  });

  it.each([
    ['a click', { type: 'interactive', envelope_id: 'e', payload: { a: 1 } }, { type: 'interactive', retry: 0 }],
    ['a retry', { type: 'events_api', envelope_id: 'e', retry_attempt: 2, retry_reason: 'timeout' }, { retry: 2 }],
    ['a retry by its other name', { type: 'events_api', envelope_id: 'e', retry_num: 1 }, { retry: 1 }],
    ['one without a type', { envelope_id: 'e' }, { type: '', payload: undefined }],
    ['a payload that is none', { type: 'slash_commands', envelope_id: 'e', payload: 'x' }, { payload: 'x' }],
    ['one that calls itself a hello', { type: 'hello', envelope_id: 'e' }, { type: 'hello' }],
    ['one that calls itself close', { type: 'close', envelope_id: 'e' }, { type: 'close' }],
  ])('%s is an envelope', (_what, message, expected) => {
    expect(parse(message)).toMatchObject({ kind: 'envelope', envelope: { id: 'e', ...expected } });
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (data) => {
        expect(parseSocketMessage(data)).toHaveProperty('kind');
      }),
    );
  });
});
