import { ErrorCode, LogLevel, WebClient, type Logger, type WebClientOptions } from '@slack/web-api';
import { isJsonObject } from './json.js';
import type { Simulator } from './simulator.js';

export const ALERTS = 'C0ALERTS01';
export const PAYMENTS = 'C0PAYMENTS';
export const SECRET = 'G0SECRET01';
export const ARCHIVED = 'C0ARCHIVED';

const nothing = (): void => undefined;

/** The client logs what it is told to provoke. */
const SILENT: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

/** The real client, set up so that every answer comes through as it is. */
export function clientOf(simulator: Simulator, options: WebClientOptions & { token?: string } = {}): WebClient {
  const { token = simulator.botToken, ...rest } = options;
  return new WebClient(token, {
    slackApiUrl: simulator.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
    ...rest,
  });
}

/** The body of a refusal. Fails when the call goes through. */
export async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await failure(call);
  if (error.code === ErrorCode.PlatformError && isJsonObject(error.data)) return error.data;
  throw new Error('the call failed, but not with a Slack error', { cause: error });
}

export async function refusalCode(call: Promise<unknown>): Promise<unknown> {
  return (await refusal(call)).error;
}

/** The error of a call that must not go through. */
export async function failure(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const result: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (result === undefined) throw new Error('the call went through');
  return result as Error & Record<string, unknown>;
}
