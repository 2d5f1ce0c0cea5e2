// Speaks to the service as an Alertmanager does.
import { createHash } from 'node:crypto';

/** When an alert that is told of first began, by its fingerprint. */
const startedAt = new Map();

/**
 * Sends the notification of one group. @returns the answer
 * @param alerts `{ labels, annotations, instance, description, isOver, startedAgo }` (seconds, default 30) of each
 */
export async function sendWebhook(serviceUrl, alerts, signal) {
  const told = alerts.map(tell);
  const response = await fetch(`${serviceUrl}/alert`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      version: '4',
      groupKey: `{}:{alertname="${alerts[0].labels.alertname}"}`,
      status: told.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
      receiver: 'alert-threader',
      truncatedAlerts: 0,
      alerts: told,
    }),
    signal,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`the service refused an alert: ${answer.error}`);
  return answer;
}

function tell({ labels, annotations, instance, description, isOver = false, startedAgo = 30 }) {
  const all = { ...labels, instance };
  const fingerprint = createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
  if (!startedAt.has(fingerprint)) startedAt.set(fingerprint, new Date(Date.now() - startedAgo * 1000).toISOString());
  return {
    status: isOver ? 'resolved' : 'firing',
    labels: all,
    annotations: { ...annotations, description },
    startsAt: startedAt.get(fingerprint),
    endsAt: isOver ? new Date().toISOString() : '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint,
  };
}
