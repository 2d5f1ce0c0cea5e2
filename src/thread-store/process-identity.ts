import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './disk.js';

/** Tells one process from every other one, also from a later one with the same number. */
export interface ProcessIdentity {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Start of the process in clock ticks since the boot; empty where there is no /proc. */
  readonly started: string;
  /** Random id of the boot; empty where there is no /proc. */
  readonly boot: string;
  /** Its PID namespace (each container has its own pid 1); empty where there is no /proc. */
  readonly namespace: string;
  /** For people. */
  readonly since: string;
}

const orEmpty = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

/** State and start time of a process. The name before them may hold spaces and parentheses. */
const processStat = (pid: number): { state: string; started: string } => {
  const text = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' }; // fields 3 and 22 of proc(5)
};

export const ownIdentity = (now: number): ProcessIdentity => ({
  id: randomUUID(),
  host: hostname(),
  pid: process.pid,
  started: processStat(process.pid).started,
  boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  namespace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  since: new Date(now).toISOString(),
});

export const parseIdentity = (text: string): ProcessIdentity | undefined => {
  try {
    const value = JSON.parse(text) as Partial<ProcessIdentity> | null;
    return typeof value?.id === 'string' && typeof value.pid === 'number' ? (value as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a process lives, as far as `own` can see; `unknown`: on another machine, or in another container. */
export const livenessOf = (other: ProcessIdentity, own: ProcessIdentity): 'alive' | 'dead' | 'unknown' => {
  // all machines call their first namespace the same, and some all have one name: the boot tells them apart
  if (other.host !== own.host || other.boot !== own.boot || other.namespace !== own.namespace) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return 'dead';
  }
  const { state, started } = processStat(other.pid);
  if (started === '' || other.started === '') return 'unknown';
  if (state === 'Z' || state === 'X') return 'dead'; // killed, and its parent has not looked yet
  return started === other.started ? 'alive' : 'dead';
};
