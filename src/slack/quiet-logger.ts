import { LogLevel, type Logger } from '@slack/web-api';

const nothing = (): void => undefined;

/**
 * For both of Slack's SDKs, which by default print payloads and refusals in lines of their own, past our logger and its
 * redaction: what is worth a line is logged by us, without them.
 */
export const QUIET: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};
