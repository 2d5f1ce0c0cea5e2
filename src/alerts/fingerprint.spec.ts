import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf, labelsFingerprint } from './fingerprint.js';

interface Captured {
  alerts: { labels: Record<string, string>; fingerprint: string }[];
}

const folder = join(__dirname, '../../test/fixtures/webhooks');
const captured = readdirSync(folder).flatMap((file) => {
  const { alerts } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Captured;
  return alerts;
});

describe('labelsFingerprint', () => {
  it("equals Alertmanager's own for every captured alert", () => {
    expect(captured.length).toBeGreaterThan(100);
    expect(captured.map(({ labels }) => labelsFingerprint(labels))).toEqual(captured.map((alert) => alert.fingerprint));
  });

  it('does not depend on the order of the labels', () => {
    expect(labelsFingerprint({ a: '1', b: '2' })).toBe(labelsFingerprint({ b: '2', a: '1' }));
  });

  it('tells a name from its value', () => {
    expect(labelsFingerprint({ ab: 'c' })).not.toBe(labelsFingerprint({ a: 'bc' }));
  });
});

describe('fingerprintOf', () => {
  it.each([undefined, null, '', 7, {}])("takes the labels' where %j is given", (given) => {
    expect(fingerprintOf(given, { a: '1' })).toBe(labelsFingerprint({ a: '1' }));
  });

  it.each(['constructor', '__proto__', '17', 'a b', 'X'.repeat(100)])('makes a safe key of %s', (given) => {
    expect(fingerprintOf(given, {})).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf(given, {})).not.toBe(fingerprintOf(`${given}.`, {}));
  });
});
