/** FNV-1a, 64 bits in two halves (BigInt costs ten times as much). http://www.isthe.com/chongo/tech/comp/fnv/ */
class Fnv1a64 {
  private high = 0xcbf29ce4;
  private low = 0x84222325;

  byte(value: number): void {
    // h × (2^40 + 0x1b3) mod 2^64; a half times 0x1b3 stays below 2^41, so doubles are exact.
    const low = (this.low ^ value) >>> 0;
    const product = low * 0x1b3;
    this.high = (this.high * 0x1b3 + Math.floor(product / 0x1_0000_0000) + low * 0x100) % 0x1_0000_0000;
    this.low = product >>> 0;
  }

  text(value: string): void {
    for (const byte of Buffer.from(value, 'utf8')) this.byte(byte);
  }

  toString(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}

const SEPARATOR = 255;

/** Alertmanager's own fingerprint of a set of labels (prometheus/common, model/signature.go): 16 hex digits. */
export const labelsFingerprint = (labels: Readonly<Record<string, string>>): string => {
  const hash = new Fnv1a64();
  for (const name of Object.keys(labels).sort()) {
    hash.text(name);
    hash.byte(SEPARATOR);
    hash.text(labels[name] ?? '');
    hash.byte(SEPARATOR);
  }
  return hash.toString();
};

/** Fingerprints are used as keys of plain objects: hex digits, the usual form, are safe. */
const PLAIN = /^[0-9a-f]{16,64}$/;

/** The sender's fingerprint in a form that is safe as a key; ours of the labels where the sender gave none. */
export const fingerprintOf = (given: unknown, labels: Readonly<Record<string, string>>): string => {
  if (typeof given !== 'string' || given === '') return labelsFingerprint(labels);
  if (PLAIN.test(given)) return given;
  const hash = new Fnv1a64();
  hash.text(given);
  return hash.toString();
};
