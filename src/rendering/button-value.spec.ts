import fc from 'fast-check';
import { isIncidentId } from '../domain/incident-id.js';
import { ACTION_IDS, SILENCE_OPTIONS, type SilenceOption } from './action-ids.js';
import {
  buttonValue,
  endSilenceValue,
  parseButtonValue,
  parseViewIncident,
  viewMetadata,
  silenceValue,
} from './button-value.js';

const ID = 'INC-20240115143025-0a1b2c3d';

test('is what the earlier messages carry', () => {
  expect(buttonValue(ID, 'ack')).toBe('{"incident_id":"INC-20240115143025-0a1b2c3d","action":"ack"}');
  expect(parseButtonValue(' {"action": "ack", "incident_id": "INC-20240115143025-0a1b2c3d"}')).toEqual({
    incidentId: ID,
    action: 'ack',
  });
});

test.each(['ack', 'unack', 'resolve', 'reopen', 'count'] as const)('%s comes back', (action) => {
  expect(parseButtonValue(buttonValue(ID, action))).toEqual({ incidentId: ID, action });
});

test.each(Object.keys(SILENCE_OPTIONS) as SilenceOption[])('silence: %s comes back', (duration) => {
  const value = silenceValue(ID, duration);
  expect(value.length).toBeLessThanOrEqual(150);
  expect(parseButtonValue(value)).toEqual({ incidentId: ID, action: 'silence', duration });
});

test('a button that ends a silence comes back as the choice', () => {
  expect(parseButtonValue(endSilenceValue(ID))).toEqual(parseButtonValue(silenceValue(ID, 'end')));
});

test.each([
  ['no JSON', '{'],
  ['no object', '["INC-20240115143025-0a1b2c3d","ack"]'],
  ['null', 'null'],
  ['no id', '{"action":"ack"}'],
  ['an id that is none', '{"incident_id":"INC-1","action":"ack"}'],
  ['an id with more', `{"incident_id":"${ID}\\n","action":"ack"}`],
  ['an id in a list', `{"incident_id":["${ID}"],"action":"ack"}`],
  ['no action', `{"incident_id":"${ID}"}`],
  ['another action', `{"incident_id":"${ID}","action":"delete"}`],
  ['an action named like a method', `{"incident_id":"${ID}","action":"constructor"}`],
  ['an action in a list', `{"incident_id":"${ID}","action":["ack"]}`],
  ['a silence without a time', `{"incident_id":"${ID}","action":"silence"}`],
  ['a silence for ever', `{"incident_id":"${ID}","for":"99y"}`],
  ['a silence by a button for ever', `{"incident_id":"${ID}","action":"silence","for":"99y"}`],
  ['a silence for no time', `{"incident_id":"${ID}","action":"silence"}`],
  ['its prototype', `{"__proto__":{"incident_id":"${ID}","action":"ack"}}`],
  ['more than we write', `${buttonValue(ID, 'ack')}${' '.repeat(200)}`],
  ['nothing', undefined],
  ['an object', { incident_id: ID, action: 'ack' }],
])('%s is no value of ours', (_name, text) => {
  expect(parseButtonValue(text)).toBeUndefined();
});

test('whatever comes, nothing is thrown and nothing strange is believed', () => {
  const hostile = fc.oneof(fc.anything(), fc.json(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(hostile, fc.dictionary(fc.constantFrom('incident_id', 'action', 'for'), fc.anything()), (a, b) => {
      for (const text of [a, JSON.stringify(b)]) {
        const value = parseButtonValue(text);
        if (value !== undefined) expect(Object.hasOwn(ACTION_IDS, value.action)).toBe(true);
        if (parseViewIncident(text) !== undefined) expect(isIncidentId(parseViewIncident(text))).toBe(true);
      }
    }),
  );
});

describe('the metadata of a form', () => {
  test('comes back', () => {
    expect(viewMetadata(ID)).toBe('{"incident_id":"INC-20240115143025-0a1b2c3d"}');
    expect(parseViewIncident(viewMetadata(ID))).toBe(ID);
  });

  test.each(['', '{}', 'null', '[]', '"x"', viewMetadata('INC-x'), viewMetadata('x'.repeat(1e6)), undefined, 7, {}])(
    '%p is none of ours',
    (metadata) => {
      expect(parseViewIncident(metadata)).toBeUndefined();
    },
  );
});
