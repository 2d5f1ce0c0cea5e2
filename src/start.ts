import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigError } from './config/config-error.js';
import type { Config } from './config/config.js';
import { loadProcessConfig } from './config/load-config.js';
import { createApp } from './create-app.js';
import { createLogger } from './logging/create-logger.js';
import { StoreUnavailableError } from './thread-store/thread-store.js';

const fail = (text: string): never => {
  process.stderr.write(`alert-threader: ${text}\n`);
  process.exit(1);
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
  const fault = syscall === 'listen' || syscall === 'getaddrinfo' ? LISTEN_FAULTS[code ?? ''] : undefined;
  if (fault !== undefined) return `can't listen on ${bindHost}, port ${bindPort}: ${fault} (BIND_HOST, BIND_PORT)`;
  return `can't start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
};

const config = ((): Config => {
  try {
    return loadProcessConfig();
  } catch (error) {
    return fail(error instanceof ConfigError ? error.message : String(error));
  }
})();

const logger = createLogger(config);

/** Ends the process when asked to: requests and calls that run are finished first. A second signal ends it at once. */
const closeOnSignal = (app: NestExpressApplication): void => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping');
      app.close().then(
        () => process.exit(), // with the exit code that whoever sent the signal may have set
        (error: unknown) => {
          logger.error({ err: error }, 'stopped with an error');
          process.exit(1);
        },
      );
    });
  }
};

try {
  const app = await createApp(config, logger);
  closeOnSignal(app);
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
