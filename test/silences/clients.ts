import { loadConfig, type EnvironmentVariables } from '../../src/config/load-config.js';
import { ConfiguredSilences } from '../../src/silences/configured-silences.js';
import { HttpSilenceClient } from '../../src/silences/http-silence-client.js';
import { SilenceError, type SilenceClient, type SilenceDraft } from '../../src/silences/silence-client.js';
import type { HttpLimits } from '../../src/silences/silence-http.js';
import { silenceServerOf } from '../../src/silences/silence-server.js';
import type { AlertServer } from '../../src/domain/incident.js';
import type { Matcher } from '../../src/domain/matcher.js';

const REQUIRED = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' };
const HOUR = 3_600_000;

/** The client of the service with these settings. */
export const clientOf = (source: AlertServer, environment: EnvironmentVariables): SilenceClient => {
  const client = new ConfiguredSilences(loadConfig({ ...REQUIRED, ...environment })).of(source);
  if (client === undefined) throw new Error(`no address for ${source}`);
  return client;
};

/** The same with other limits. */
export const limitedClient = (environment: EnvironmentVariables, limits: HttpLimits): SilenceClient => {
  const server = silenceServerOf(loadConfig({ ...REQUIRED, ...environment }), 'alertmanager');
  if (server === undefined) throw new Error('no ALERTMANAGER_URL');
  return new HttpSilenceClient(server, limits);
};

export const is = (name: string, value: string): Matcher => ({ name, value, isRegex: false, isEqual: true });

/** A silence of one hour from now on. */
export const draft = (change: Partial<SilenceDraft> = {}): SilenceDraft => ({
  matchers: [is('alertname', 'DiskFull'), is('service', '')],
  startsAt: Date.now(),
  endsAt: Date.now() + HOUR,
  createdBy: 'Anna (Slack)',
  comment: 'disk is being replaced — "soon"',
  ...change,
});

/** How a call failed; it holds none of the secrets, wherever one looks. */
export const failureOf = async (call: Promise<unknown>, secrets: readonly string[] = []): Promise<SilenceError> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SilenceError)) throw new Error('expected a SilenceError', { cause: error });
  let all = '';
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    all += `${one.message} ${JSON.stringify(one)} ${one.stack ?? ''}`;
  }
  for (const secret of secrets) expect(all).not.toContain(secret);
  return error;
};
