import { fnv1a64, Fnv1a64 } from '../domain/fnv1a.js';
import { ownValue } from '../domain/own-value.js';

const SEPARATOR = 255;

/** Alertmanager's own fingerprint of a set of labels (prometheus/common, model/signature.go): 16 hex digits. */
export const labelsFingerprint = (labels: Readonly<Record<string, string>>): string => {
  const hash = new Fnv1a64();
  for (const name of Object.keys(labels).sort()) {
    hash.text(name);
    hash.byte(SEPARATOR);
    hash.text(ownValue(labels, name) ?? '');
    hash.byte(SEPARATOR);
  }
  return hash.toString();
};

/** Fingerprints are names in stored JSON: hex digits, the usual form, are no name that every object has. */
const PLAIN = /^[0-9a-f]{16,64}$/;

/** The sender's fingerprint in a form that is safe as a key; ours of the labels where the sender gave none. */
export const fingerprintOf = (given: unknown, labels: Readonly<Record<string, string>>): string => {
  if (typeof given !== 'string' || given === '') return labelsFingerprint(labels);
  if (PLAIN.test(given)) return given;
  return fnv1a64(given);
};
