const FALLBACK: Readonly<Record<string, string>> = {
  alertname: 'unknown',
  severity: 'info',
  service: 'unknown',
  cluster: 'default',
};

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
    const value = labels[name];
    const text = value === undefined || value === '' ? (FALLBACK[name] ?? 'unknown') : value;
    key += `${text.includes('|') ? text.replaceAll('|', '%7C') : text}|`;
  }
  return key + environment;
};
