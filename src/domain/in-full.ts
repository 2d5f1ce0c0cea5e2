import { alertBytes, within } from './alert-size.js';
import { severityOf, severityRank, type Alert } from './alert.js';
import { counted, memberOf } from './crowd.js';
import { alertIn, type AlertState, type Incident } from './incident.js';
import type { IncidentThread } from './record.js';
import { memberId, type Rolls } from './roll.js';
import { alertDescription, alertTitle } from './root-facts.js';

/**
 * Which alerts an incident holds in full: the worst, those with words of their own, the newest. The others are rows of
 * its roll and figures of its crowd, so that a record stays small whatever is sent.
 */

/** Alerts of one incident that are held in full. */
const MOST = 200;
/** Of a fold: examples. Each change writes them all. */
const MOST_OF_A_FOLD = 20;
/** Their size together, as JSON. */
const MOST_BYTES = 96 * 1024;
/** Size of one, once they are too big together. */
const MOST_BYTES_OF_ONE = 24 * 1024;

const mostOf = ({ fold }: Incident): number => (fold === undefined ? MOST : MOST_OF_A_FOLD);

/** Positive where `a` matters more. What ended matters least; what waits to be believed is not given up. */
const compare = (a: AlertState, b: AlertState, lead: Alert | undefined): number =>
  Number(a.parkedUntil !== undefined) - Number(b.parkedUntil !== undefined) ||
  Number(a.status === 'firing') - Number(b.status === 'firing') ||
  severityRank(severityOf(a)) - severityRank(severityOf(b)) ||
  Number(hasOwnWords(a, lead)) - Number(hasOwnWords(b, lead)) ||
  a.startsAt - b.startsAt;

const hasOwnWords = (alert: AlertState, lead: Alert | undefined): boolean =>
  lead !== undefined && (alertDescription(alert) !== alertDescription(lead) || alertTitle(alert) !== alertTitle(lead));

/** Those in full, as a whole. */
interface Held {
  readonly lead: string;
  /** The one to give up first; never the lead, which gives the card its words. */
  readonly least: AlertState | undefined;
  readonly bytes: number;
}

/** Thousands of alerts that become members ask one after the other. */
const known = new WeakMap<Incident['alerts'], Held>();

const heldIn = (incident: Incident): Held => {
  const before = known.get(incident.alerts);
  if (before?.lead === incident.lead) return before;
  const lead = alertIn(incident, incident.lead);
  let least: AlertState | undefined;
  let bytes = 0;
  for (const alert of incident.alerts) {
    bytes += alertBytes(alert);
    if (alert !== lead && (least === undefined || compare(alert, least, lead) < 0)) least = alert;
  }
  const held: Held = { lead: incident.lead, least, bytes };
  known.set(incident.alerts, held);
  return held;
};

/** What has to go so that the alert can be held in full: nothing, one that matters less, or `undefined` where it can not. */
const toGiveUp = (incident: Incident, alert: AlertState): 'nothing' | AlertState | undefined => {
  const { least, bytes } = heldIn(incident);
  const isFull = incident.alerts.length >= mostOf(incident);
  // Asked first: of thousands of alerts most matter less than those that are held.
  const matters = least !== undefined && compare(alert, least, alertIn(incident, incident.lead)) > 0;
  if (isFull && !matters) return undefined;
  const size = alertBytes(alert);
  if (!isFull && bytes + size <= MOST_BYTES) return 'nothing';
  return matters && bytes - alertBytes(least) + size <= MOST_BYTES ? least : undefined;
};

/** Takes an alert out of those in full: from now on it is a row of the roll. */
const demoted = (incident: Incident, alert: AlertState, rolls: Rolls): Incident => {
  const member = memberOf(alert);
  rolls.set(incident.id, memberId(alert.fingerprint), member);
  return {
    ...incident,
    alerts: incident.alerts.filter((other) => other !== alert),
    crowd: counted(incident.crowd, undefined, member),
  };
};

/** The incident with room for the alert among those in full; undefined where all of those matter more. */
const withRoom = (incident: Incident, alert: AlertState, rolls: Rolls): Incident | undefined => {
  const gone = toGiveUp(incident, alert);
  if (gone === undefined) return undefined;
  return gone === 'nothing' ? incident : demoted(incident, gone, rolls);
};

/** Puts the alert in the place of its earlier state, or where it belongs. */
export const placed = (thread: IncidentThread, alert: AlertState, rolls: Rolls): IncidentThread => {
  const { incident } = thread;
  const at = incident.alerts.findIndex(({ fingerprint }) => fingerprint === alert.fingerprint);
  if (at >= 0) return { ...thread, incident: { ...incident, alerts: incident.alerts.with(at, alert) } };
  const id = memberId(alert.fingerprint);
  const before = incident.crowd === undefined ? undefined : rolls.get(incident.id, id);
  const room = withRoom(incident, alert, rolls);
  if (room === undefined) {
    const member = memberOf(alert);
    rolls.set(incident.id, id, member);
    return { ...thread, incident: { ...incident, crowd: counted(incident.crowd, before, member) } };
  }
  const alerts = [...room.alerts, alert];
  if (before === undefined) return { ...thread, incident: { ...room, alerts } };
  rolls.set(incident.id, id, null);
  return { ...thread, incident: { ...room, alerts, crowd: counted(room.crowd, before, undefined) } };
};

/** Whether it would be held in full if it came now. */
export const mayBeInFull = (incident: Incident, alert: AlertState): boolean => toGiveUp(incident, alert) !== undefined;

/** Brings an incident within its bounds: after a webhook, whose texts may be long, and for one that an earlier version wrote. */
export const withinBounds = (incident: Incident, rolls: Rolls): Incident => {
  let { bytes } = heldIn(incident);
  if (incident.alerts.length <= mostOf(incident) && bytes <= MOST_BYTES) return incident;
  const lead = alertIn(incident, incident.lead);
  const byImportance = [...incident.alerts].sort((a, b) => compare(b, a, lead));
  let next: Incident = incident;
  for (const alert of byImportance.reverse()) {
    if (next.alerts.length <= mostOf(next) && bytes <= MOST_BYTES) break;
    if (alert === lead) continue;
    next = demoted(next, alert, rolls);
    bytes -= alertBytes(alert);
  }
  return bytes <= MOST_BYTES ? next : { ...next, alerts: next.alerts.map((alert) => within(alert, MOST_BYTES_OF_ONE)) };
};

/** Alerts that an incident keeps once another one follows it, and their size. */
const KEPT_AFTER = { most: 20, bytes: 8 * 1024 } as const;

/** An incident that no alert changes any more: the others are figures alone. */
export const inShort = (incident: Incident): Incident => {
  const lead = alertIn(incident, incident.lead);
  const alerts: AlertState[] = lead === undefined ? [] : [within(lead, KEPT_AFTER.bytes)];
  let { crowd } = incident;
  let bytes = 0;
  for (const alert of incident.alerts) {
    if (alert === lead) continue;
    bytes += alertBytes(alert);
    if (alerts.length < KEPT_AFTER.most && bytes <= KEPT_AFTER.bytes) alerts.push(alert);
    else crowd = counted(crowd, undefined, memberOf(alert));
  }
  if (alerts.length === incident.alerts.length && alerts[0] === lead) return incident;
  return { ...incident, alerts, ...(crowd === undefined ? {} : { crowd }) };
};
