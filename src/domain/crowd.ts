import { severityClass, severityOf, severityRank, type SeverityClass } from './alert.js';
import type { AlertState, Crowd } from './incident.js';
import type { Member } from './roll.js';

/** Figures of the alerts that an incident does not hold in full. Pure; the rows themselves are in the roll. */

const NOBODY: Crowd = { firing: 0, resolved: 0, startsAt: Infinity, severities: [] };

/** What the roll keeps of an alert. */
export const memberOf = (alert: AlertState): Member => ({
  status: alert.status,
  severity: severityClass(severityOf(alert)),
  startsAt: alert.startsAt,
  at: alert.status === 'firing' ? alert.lastSeenAt : (alert.resolvedAt ?? alert.lastSeenAt),
});

const count = (severities: Crowd['severities'], severity: SeverityClass, change: 1 | -1): Crowd['severities'] => {
  const at = severities.findIndex(([known]) => known === severity);
  const number = (severities[at]?.[1] ?? 0) + change;
  if (at < 0) return [...severities, [severity, number]];
  return number === 0 ? severities.toSpliced(at, 1) : severities.with(at, [severity, number]);
};

/** The crowd after one of it changed, came (`before` is undefined) or left (`after` is undefined). */
export const counted = (present: Crowd | undefined, before: Member | undefined, after: Member | undefined): Crowd => {
  const crowd = present ?? NOBODY;
  let { firing, resolved, severities } = crowd;
  if (before?.status === 'firing') {
    firing -= 1;
    severities = count(severities, before.severity, -1);
  } else if (before?.status === 'resolved') resolved -= 1;
  if (after?.status === 'firing') {
    firing += 1;
    severities = count(severities, after.severity, 1);
  } else if (after?.status === 'resolved') resolved += 1;
  return { ...crowd, firing, resolved, severities, startsAt: Math.min(crowd.startsAt, after?.startsAt ?? Infinity) };
};

/** The worst severity that fires in the crowd; undefined where none does. */
export const worstOf = (crowd: Crowd | undefined): string | undefined => {
  let worst: string | undefined;
  for (const [severity] of crowd?.severities ?? []) {
    if (worst === undefined || severityRank(severity) > severityRank(worst)) worst = severity;
  }
  return worst;
};
