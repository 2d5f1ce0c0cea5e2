import type { Alert } from './alert.js';
import { ownValue } from './own-value.js';

type Labelled = Pick<Alert, 'labels'>;

/** The first of these values that holds more than blanks; empty when none does. */
export const firstOf = (values: Readonly<Record<string, string>>, ...names: string[]): string => {
  for (const name of names) {
    const value = ownValue(values, name);
    if (value !== undefined && value.trim() !== '') return value;
  }
  return '';
};

/** What an alert is about, for people, as far as it alone can say. */
export const instanceName = (alert: Labelled): string =>
  firstOf(alert.labels, 'instance', 'pod', 'node', 'host', 'hostname', 'device', 'job');

/** Labels that tell alerts of one instance apart, best first; after them any other, in the order of their names. */
const TELLING = ['pod', 'node', 'container', 'device', 'mountpoint'];
/** What these name is found without the instance that reports it. */
const WHOLE: readonly string[] = ['pod', 'node'];
/** How bad it is, or which Prometheus says so: not what the alert is about. */
const NEVER: readonly string[] = ['severity', 'prometheus', 'prometheus_replica', 'replica'];

/**
 * How the alerts of one incident are called, so that people can tell them apart: by instance. Where several share one
 * (kube-state-metrics reports every pod under its own address), by the first label in which these differ: `cart-0`; of
 * several machines' disks with the instance before it: `db01 sda`.
 */
export const namesWithin = (alerts: readonly Labelled[]): ((alert: Labelled) => string) => {
  if (alerts.length < 2) return instanceName; // most incidents: asked for with each plan
  const byInstance = new Map<string, Labelled[]>();
  for (const alert of alerts) {
    const name = instanceName(alert);
    const others = byInstance.get(name);
    if (others === undefined) byInstance.set(name, [alert]);
    else others.push(alert);
  }
  if (byInstance.size === alerts.length) return instanceName;
  const label = tellingLabel([...byInstance.values()]);
  if (label === undefined) return instanceName;
  const alone = byInstance.size === 1 || WHOLE.includes(label);
  return (alert) => {
    const value = firstOf(alert.labels, label);
    const instance = instanceName(alert);
    if (value === '' || value === instance) return instance;
    return alone ? value : `${instance} ${value}`;
  };
};

/** The label to tell alerts of one instance apart by; undefined where no label does. */
const tellingLabel = (groups: readonly (readonly Labelled[])[]): string | undefined => {
  const differs = (label: string): boolean =>
    groups.some(([first, ...others]) =>
      others.some(({ labels }) => ownValue(labels, label) !== ownValue(first?.labels ?? {}, label)),
    );
  const best = TELLING.find(differs);
  if (best !== undefined) return best;
  const others = new Set(groups.flatMap((group) => group.flatMap(({ labels }) => Object.keys(labels))));
  return [...others]
    .filter((label) => !NEVER.includes(label))
    .sort()
    .find(differs);
};
