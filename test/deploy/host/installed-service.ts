import type { Simulator } from '../../../simulator/simulator.js';
import { eventually } from '../../support/eventually.js';
import { CHANNEL } from '../../support/slack-channel.js';
import type { DebianHost } from './debian-host.js';

export const SETTINGS = '/etc/alert-threader/alert-threader.env';
export const STORE = '/var/lib/alert-threader/threads.json';

/** What install.sh is told by the environment: a service that works with the simulator. */
export const installEnvironment = (simulator: Simulator, port: number): Record<string, string> => ({
  SLACK_BOT_TOKEN: simulator.botToken,
  SLACK_APP_TOKEN: simulator.appToken,
  SLACK_CHANNEL: CHANNEL,
  SLACK_API_URL: simulator.apiUrl,
  ENVIRONMENT: 'production',
  BIND_HOST: '127.0.0.1',
  BIND_PORT: String(port),
});

/** An alert as in the first version's manual. */
export const alertNamed = (alertname: string): object => ({
  labels: { alertname, severity: 'critical', service: 'database', cluster: 'production', instance: 'db01.example.com' },
  annotations: { summary: `${alertname} happened` },
  startsAt: '2024-01-15T14:30:25Z',
});

export async function sendAlert(port: number, status: 'firing' | 'resolved', alertname: string): Promise<void> {
  const end = status === 'resolved' ? { endsAt: '2024-01-15T14:45:30Z' } : {};
  const body = JSON.stringify({ status, alerts: [{ ...alertNamed(alertname), ...end }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/alert`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`POST /alert: ${answer.status} ${await answer.text()}`);
}

/** Waits for a health of this status. */
export const expectHealth = (port: number, status: string): Promise<Record<string, unknown>> =>
  eventually(`/health to be ${status}`, async () => {
    const body = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Record<string, unknown>;
    return body['status'] === status && body;
  });

/** A property of the unit, as `MainPID`. */
export const unitSays = (host: DebianHost, property: string): Promise<string> =>
  host.sh(`systemctl show -p ${property} --value alert-threader`);
