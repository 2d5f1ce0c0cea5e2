import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.js';
import { pretty } from './pretty.js';
import { redactor } from './redact.js';

/** The process' logger: LOG_LEVEL, LOG_FORMAT, no tokens. @param write where lines go; standard output by default */
export const createLogger = (config: Config, write?: (line: string) => void): Logger => {
  const out = write ?? standardOutput();
  const redact = redactor(config);
  const stream =
    config.logFormat === 'pretty'
      ? (line: string) => {
          out(pretty(redact(line)));
        }
      : (line: string) => {
          out(redact(line));
        };
  return pino({ level: config.logLevel, base: null }, { write: stream });
};

/** Synchronous: the last lines before an exit are not lost. */
const standardOutput = (): ((line: string) => void) => {
  const destination = pino.destination({ dest: 1, sync: true });
  return (line) => {
    destination.write(line);
  };
};
