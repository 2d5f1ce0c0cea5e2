import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigError } from './config/config-error.js';
import type { Config } from './config/config.js';
import { loadProcessConfig } from './config/load-config.js';
import { createApp } from './create-app.js';
import { excerpt } from './domain/excerpt.js';
import { createLogger } from './logging/create-logger.js';
import { ownValue } from './domain/own-value.js';
import { StoreUnavailableError } from './thread-store/thread-store.js';

/**
 * EX_CONFIG of sysexits.h: settings or arguments have to be mended, so that starting it again won't help; our systemd unit
 * does not.
 */
const WRONG_SETTINGS = 78;

const USAGE = 'usage: node dist/main.js [--check | --help]';
const HELP = `${USAGE}

  --check  says whether the settings can be used, and ends
  --help   says this

Settings are environment variables. SLACK_BOT_TOKEN and SLACK_CHANNEL are needed; README.md tells of all.
`;
/** Of an argument that we do not know, in characters. */
const MAX_SHOWN = 60;

const fail = (text: string, exitCode = 1): never => {
  process.stderr.write(`alert-threader: ${text}\n`);
  process.exit(exitCode);
};

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there',
  ENOTFOUND: 'the name is not known',
};

/** One line for what an operator can mend; the stack for what only we can. */
const explain = (error: unknown, { bindHost, bindPort }: Config): string => {
  if (error instanceof StoreUnavailableError) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const fault = syscall === 'listen' || syscall === 'getaddrinfo' ? ownValue(LISTEN_FAULTS, code ?? '') : undefined;
  if (fault !== undefined) return `can't listen on ${bindHost}, port ${bindPort}: ${fault} (BIND_HOST, BIND_PORT)`;
  return `can't start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
};

const args = process.argv.slice(2);
const unknown = args.find((argument) => !['--check', '--help', '-h'].includes(argument));
// A mistyped --check must not become a second service beside the one that runs.
if (unknown !== undefined) {
  fail(`unknown argument ${JSON.stringify(excerpt(unknown, MAX_SHOWN))}; ${USAGE}`, WRONG_SETTINGS);
}
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const config = ((): Config => {
  try {
    return loadProcessConfig();
  } catch (error) {
    return fail(error instanceof ConfigError ? error.message : String(error), WRONG_SETTINGS);
  }
})();

if (args.includes('--check')) {
  process.stdout.write('alert-threader: the settings can be used\n');
  process.exit(0);
}

const logger = createLogger(config);

let app: NestExpressApplication | undefined;
let isStopping = false;

/**
 * Ends the process when asked to: requests and calls that run are finished first. A second signal ends it at once, as does
 * one while it starts. Both are written out, since the system does nothing by default to process 1 of a container.
 */
const stop = (signal: NodeJS.Signals): void => {
  logger.info({ signal }, 'stopping');
  if (isStopping) process.exit(1);
  if (app === undefined) process.exit(0);
  isStopping = true;
  app.close().then(
    () => process.exit(), // with the exit code that whoever sent the signal may have set
    (error: unknown) => {
      logger.error({ err: error }, 'stopped with an error');
      process.exit(1);
    },
  );
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);

try {
  app = await createApp(config, logger);
  await app.listen(config.bindPort, config.bindHost);
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const { environment, threadStore } = config;
  logger.info({ address, port, environment, threadStore, ms: Math.round(performance.now()) }, 'listening');
  if (config.slackAppToken === null) {
    logger.info({}, 'no SLACK_APP_TOKEN: no Socket Mode, messages carry no buttons');
  }
} catch (error) {
  fail(explain(error, config));
}
