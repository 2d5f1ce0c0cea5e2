import type { Config } from '../config/config.js';
import type { AlertServer } from '../domain/incident.js';

/** Where one server's silences are, and who we are to it. */
export interface SilenceServer {
  /** For people: `Alertmanager` or `Grafana`. */
  readonly name: string;
  /** Base of the API, ends in a slash. */
  readonly api: string;
  /** Value of the `Authorization` header; null: none is sent. */
  readonly authorization: string | null;
  /** Whatever must not be told to anybody. */
  readonly secrets: readonly string[];
  /** For messages: the variable that holds the address. */
  readonly urlVariable: string;
  /** For messages: the variables that hold the credentials, or may. */
  readonly credentialVariables: string;
  /** Whether `GET status` says since when the server is up. */
  readonly tellsStart: boolean;
}

interface Credentials {
  readonly authorization: string | null;
  readonly secrets: readonly string[];
  readonly variables: string;
}

const credentialsOf = (config: Config, source: AlertServer): Credentials => {
  const username = config[`${source}Username`];
  const password = config[`${source}Password`]?.reveal();
  const token = config[`${source}Token`]?.reveal();
  const prefix = source.toUpperCase();
  if (token !== undefined) return { authorization: `Bearer ${token}`, secrets: [token], variables: `${prefix}_TOKEN` };
  const pair = `${prefix}_USERNAME and ${prefix}_PASSWORD`;
  if (username === null || password === undefined) {
    return { authorization: null, secrets: [], variables: `${prefix}_TOKEN, or ${pair}` };
  }
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return { authorization: `Basic ${encoded}`, secrets: [encoded, password], variables: pair };
};

const API: Readonly<Record<AlertServer, string>> = {
  alertmanager: 'api/v2/',
  // https://grafana.com/docs/grafana/latest/developers/http_api/alerting/
  grafana: 'api/alertmanager/grafana/api/v2/',
};

/** Undefined: the settings name no such server. */
export const silenceServerOf = (config: Config, source: AlertServer): SilenceServer | undefined => {
  const url = config[`${source}Url`];
  if (url === null) return undefined;
  const { authorization, secrets, variables } = credentialsOf(config, source);
  return {
    name: source === 'grafana' ? 'Grafana' : 'Alertmanager',
    api: url + API[source],
    authorization,
    secrets,
    urlVariable: `${source.toUpperCase()}_URL`,
    credentialVariables: variables,
    tellsStart: source === 'alertmanager',
  };
};
