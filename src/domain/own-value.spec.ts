import { INHERITED_NAMES } from '../../test/support/inherited-names.js';
import { ownValue } from './own-value.js';

it.each(INHERITED_NAMES)('finds %s where an object has it itself, and nowhere else', (name) => {
  expect(ownValue({ other: 'x' }, name)).toBeUndefined();
  expect(ownValue(JSON.parse(`{"${name}":"x"}`) as Record<string, string>, name)).toBe('x');
});
