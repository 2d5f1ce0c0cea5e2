import type { Config } from './config.js';
import type { ConfigFault } from './config-error.js';
import { found } from './found.js';
import { variableOf } from './from-variable.js';
import { Secret } from './secret.js';

/** The settings, and what of the environment is secret. */
interface Given {
  readonly config: Config;
  readonly secrets: readonly string[];
}

/** A fault of the variable that the property is read from. */
const faultOf = ({ config, secrets }: Given, property: keyof Config, expects: string): ConfigFault => {
  const variable = variableOf(config, property);
  const value = config[property];
  const text = value instanceof Secret ? value.reveal() : typeof value === 'string' ? value : undefined;
  return { variable, expects, found: found(variable, text, secrets) };
};

const REACTIONS = ['reactionAck', 'reactionResolve', 'reactionSilence'] as const;

const reactionFaults = (given: Given): readonly ConfigFault[] => {
  const { config } = given;
  return REACTIONS.filter((name, i) => REACTIONS.slice(0, i).some((earlier) => config[earlier] === config[name])).map(
    (name) => faultOf(given, name, 'another emoji than the other REACTION_ variables'),
  );
};

/** One server is spoken to with a token, or with a user and a password, or without both. */
const credentialFaults = (given: Given, server: 'alertmanager' | 'grafana'): readonly ConfigFault[] => {
  const { config } = given;
  const [username, password, token] = [`${server}Username`, `${server}Password`, `${server}Token`] as const;
  const nameOf = (property: keyof Config): string => variableOf(config, property);
  const has = (property: keyof Config): boolean => config[property] !== null;
  if (has(token) && (has(username) || has(password))) {
    const expects = `either ${nameOf(token)}, or ${nameOf(username)} and ${nameOf(password)}, not both`;
    return [faultOf(given, token, expects)];
  }
  if (has(username) && !has(password)) {
    return [faultOf(given, password, `a password, because ${nameOf(username)} is set`)];
  }
  if (has(password) && !has(username)) {
    return [faultOf(given, username, `a user's name, because ${nameOf(password)} is set`)];
  }
  return [];
};

/** What is wrong with settings that are fine by themselves. */
export const crossFaults = (config: Config, secrets: readonly string[]): readonly ConfigFault[] => [
  ...reactionFaults({ config, secrets }),
  ...credentialFaults({ config, secrets }, 'alertmanager'),
  ...credentialFaults({ config, secrets }, 'grafana'),
];
