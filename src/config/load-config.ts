import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ownValue } from '../domain/own-value.js';
import { Config } from './config.js';
import { ConfigError } from './config-error.js';
import { crossFaults } from './cross-faults.js';
import { found, secretsOf } from './found.js';
import { variableOf } from './from-variable.js';

/** The values of a process' environment. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * Makes the settings of environment variables. An empty or blank variable counts as not set.
 * @throws {ConfigError} with every fault at once
 */
export const loadConfig = (environment: EnvironmentVariables): Config => {
  const given = Object.fromEntries(
    Object.entries(environment)
      .map(([variable, text]) => [variable, text?.trim() ?? ''] as const)
      .filter(([, text]) => text !== ''),
  );
  const config = plainToInstance(Config, given, { excludeExtraneousValues: true, exposeDefaultValues: true });
  const secrets = secretsOf(given);
  const faults = validateSync(config, { stopAtFirstError: true }).map(({ property, constraints }) => {
    const variable = variableOf(config, property);
    const expects = Object.values(constraints ?? {}).join(', ');
    return { variable, expects, found: found(variable, ownValue(given, variable), secrets) };
  });
  faults.push(...crossFaults(config, secrets));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
};

/** The settings of this process. @throws {ConfigError} */
export const loadProcessConfig = (): Config => loadConfig(process.env);
