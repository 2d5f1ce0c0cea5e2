import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Config } from './config.js';
import { ConfigError, type ConfigFault } from './config-error.js';
import { variableOf } from './from-variable.js';

/** The values of a process' environment. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const MAX_FOUND = 80;

/** What a variable holds, for people; never a token, nor an address that may hold a password. */
const found = (variable: string, text: string | undefined): string => {
  if (text === undefined) return 'nothing';
  if (variable.endsWith('_TOKEN') || (variable.endsWith('_URL') && text.includes('@'))) return 'a value not shown here';
  return JSON.stringify(text.length > MAX_FOUND ? `${text.slice(0, MAX_FOUND)}…` : text);
};

const REACTIONS = ['reactionAck', 'reactionResolve', 'reactionSilence'] as const;

const reactionFaults = (config: Config): ConfigFault[] =>
  REACTIONS.filter((name, i) => REACTIONS.slice(0, i).some((earlier) => config[earlier] === config[name])).map(
    (name) => ({
      variable: variableOf(config, name),
      expects: 'another emoji than the other REACTION_ variables',
      found: JSON.stringify(config[name]),
    }),
  );

/**
 * Makes the settings of environment variables. An empty or blank variable counts as not set.
 * @throws {ConfigError} with every fault at once
 */
export const loadConfig = (environment: EnvironmentVariables): Config => {
  const given: Record<string, string> = {};
  for (const [variable, text] of Object.entries(environment)) {
    const trimmed = text?.trim() ?? '';
    if (trimmed !== '') given[variable] = trimmed;
  }
  const config = plainToInstance(Config, given, { excludeExtraneousValues: true, exposeDefaultValues: true });
  const faults = validateSync(config, { stopAtFirstError: true }).map(({ property, constraints }) => {
    const variable = variableOf(config, property);
    return { variable, expects: Object.values(constraints ?? {}).join(', '), found: found(variable, given[variable]) };
  });
  faults.push(...reactionFaults(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
};

/** The settings of this process. @throws {ConfigError} */
export const loadProcessConfig = (): Config => loadConfig(process.env);
