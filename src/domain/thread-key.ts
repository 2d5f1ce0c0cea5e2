import { ownValue } from './own-value.js';

/** For a label that is missing; of a label that is not here `unknown`. */
const FALLBACK: ReadonlyMap<string, string> = new Map([
  ['severity', 'info'],
  ['cluster', 'default'],
]);

/**
 * `alertname|severity|service|cluster|environment`: alerts with the same key share a thread.
 * @param keyLabels label names in order (THREAD_KEY_LABELS)
 */
export const threadKey = (
  labels: Readonly<Record<string, string>>,
  keyLabels: readonly string[],
  environment: string,
): string => {
  let key = '';
  for (const name of keyLabels) {
    const value = ownValue(labels, name);
    const text = value === undefined || value === '' ? (FALLBACK.get(name) ?? 'unknown') : value;
    key += `${text.includes('|') ? text.replaceAll('|', '%7C') : text}|`;
  }
  return key + environment;
};
