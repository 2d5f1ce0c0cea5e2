import type { CallFault } from '../../simulator/faults/fault.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { Random } from './random.js';

const CHANGES = /^chat\.(postMessage|update|delete)$/;
const READS = /^conversations\.(history|replies)$/;

/** The probability of each fault, and what it is. */
const faults = (random: Random): readonly [number, CallFault][] => [
  [0.06, { kind: 'reset-after', method: CHANGES }],
  [0.04, { kind: 'reset-before', method: CHANGES }],
  [0.03, { kind: 'html', method: CHANGES, accept: false }],
  [0.02, { kind: 'html', method: CHANGES, accept: true }],
  [0.02, { kind: 'broken-body', method: CHANGES }],
  [0.04, { kind: 'http', status: 503, method: CHANGES }],
  [0.01, { kind: 'rate-limit', retryAfter: 1, method: CHANGES }],
  [0.01, { kind: 'error', code: 'internal_error', method: CHANGES }],
  [0.03, { kind: 'late-accept', answer: 'reset', delayMs: random.between(200, 1_000), method: CHANGES }],
  [0.03, { kind: 'late-accept', answer: 'reset', delayMs: random.between(1_000, 3_000), method: CHANGES }],
  [0.02, { kind: 'late-accept', answer: 'none', delayMs: random.between(1_000, 3_000), method: CHANGES }],
  [0.15, { kind: 'slow', accept: 'before', delayMs: random.between(20, 200), method: CHANGES }],
  [0.15, { kind: 'slow', accept: 'after', delayMs: random.between(20, 200), method: CHANGES }],
  [0.08, { kind: 'slow', accept: 'before', delayMs: random.between(200, 1_500), method: CHANGES }],
  [0.08, { kind: 'slow', accept: 'after', delayMs: random.between(200, 1_500), method: CHANGES }],
  [0.1, { kind: 'slow', delayMs: random.between(50, 500), method: READS }],
  [0.05, { kind: 'http', status: 502, method: READS }],
  [0.05, { kind: 'reset-before', method: READS }],
];

/** Makes the simulated Slack slow, and lets it lose calls and answers, until all faults are cleared. @returns how often */
export const makeUnreliable = (simulator: Simulator, random: Random): (() => Record<string, number>) => {
  const handles = faults(random).map(([probability, fault]) => ({
    kind: fault.kind,
    handle: simulator.faults.add({ ...fault, times: Infinity, match: () => random.chance(probability) }),
  }));
  return () => {
    const hits: Record<string, number> = {};
    for (const { kind, handle } of handles) hits[kind] = (hits[kind] ?? 0) + handle.hits;
    return hits;
  };
};
