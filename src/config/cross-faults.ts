import type { Config } from './config.js';
import type { ConfigFault } from './config-error.js';
import { found } from './found.js';
import { variableOf } from './from-variable.js';
import { Secret } from './secret.js';

/** A fault of the variable that the property is read from. */
const faultOf = (config: Config, property: keyof Config, expects: string): ConfigFault => {
  const variable = variableOf(config, property);
  const value = config[property];
  const text = value instanceof Secret ? value.reveal() : typeof value === 'string' ? value : undefined;
  return { variable, expects, found: found(variable, text) };
};

const REACTIONS = ['reactionAck', 'reactionResolve', 'reactionSilence'] as const;

const reactionFaults = (config: Config): readonly ConfigFault[] =>
  REACTIONS.filter((name, i) => REACTIONS.slice(0, i).some((earlier) => config[earlier] === config[name])).map((name) =>
    faultOf(config, name, 'another emoji than the other REACTION_ variables'),
  );

/** One server is spoken to with a token, or with a user and a password, or without both. */
const credentialFaults = (config: Config, server: 'alertmanager' | 'grafana'): readonly ConfigFault[] => {
  const [username, password, token] = [`${server}Username`, `${server}Password`, `${server}Token`] as const;
  const nameOf = (property: keyof Config): string => variableOf(config, property);
  const has = (property: keyof Config): boolean => config[property] !== null;
  if (has(token) && (has(username) || has(password))) {
    const expects = `either ${nameOf(token)}, or ${nameOf(username)} and ${nameOf(password)}, not both`;
    return [faultOf(config, token, expects)];
  }
  if (has(username) && !has(password)) {
    return [faultOf(config, password, `a password, because ${nameOf(username)} is set`)];
  }
  if (has(password) && !has(username)) {
    return [faultOf(config, username, `a user's name, because ${nameOf(password)} is set`)];
  }
  return [];
};

/** What is wrong with settings that are fine by themselves. */
export const crossFaults = (config: Config): readonly ConfigFault[] => [
  ...reactionFaults(config),
  ...credentialFaults(config, 'alertmanager'),
  ...credentialFaults(config, 'grafana'),
];
