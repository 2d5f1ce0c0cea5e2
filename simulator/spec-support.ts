import { SocketModeClient, type SocketModeOptions } from '@slack/socket-mode';
import { ErrorCode, LogLevel, WebClient, type Logger, type WebClientOptions } from '@slack/web-api';
import { isJsonObject } from './json.js';
import type { Simulator } from './simulator.js';
import type { Message } from './workspace/message.js';

export const ALERTS = 'C0ALERTS01';
export const PAYMENTS = 'C0PAYMENTS';
export const SECRET = 'G0SECRET01';
export const ARCHIVED = 'C0ARCHIVED';
export const ALICE = 'U0ALICE01';
export const BOB = 'U0BOB00001';

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

/** What the real socket client hands to its listeners. */
export interface Received {
  ack: (payload?: Record<string, unknown>) => Promise<void>;
  envelope_id: string;
  // The payloads are anything, as they are for an app.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  retry_num?: number;
  retry_reason?: string;
  accepts_response_payload?: boolean;
}

/** The real Socket Mode client, connected. `onEnvelope`: what the app does; by default it acknowledges. */
export async function connectSocket(
  simulator: Simulator,
  onEnvelope: (received: Received) => unknown = (received) => received.ack(),
  options: Partial<SocketModeOptions> = {},
): Promise<SocketModeClient> {
  const client = socketClientOf(simulator, options);
  client.on('slack_event', onEnvelope);
  await client.start();
  return client;
}

export function socketClientOf(simulator: Simulator, options: Partial<SocketModeOptions> = {}): SocketModeClient {
  const client = new SocketModeClient({
    appToken: simulator.appToken,
    autoReconnectEnabled: false,
    logger: SILENT,
    clientOptions: { slackApiUrl: simulator.apiUrl, retryConfig: { retries: 0 } },
    ...options,
  });
  client.on('error', nothing);
  return client;
}

/** A message of the app, with an Ack button and a select, in an attachment as in real alerts. */
export const ALERT_MESSAGE = {
  channel: ALERTS,
  text: 'Database down',
  metadata: { event_type: 'alert_threader', event_payload: { incident_id: 'INC-1' } },
  attachments: [
    {
      color: '#E01E5A',
      blocks: [
        { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*Database down*' } },
        {
          type: 'actions' as const,
          block_id: 'commands',
          elements: [
            {
              type: 'button' as const,
              action_id: 'incident_ack',
              text: { type: 'plain_text' as const, text: 'Ack' },
              value: '{"incident_id":"INC-1"}',
              style: 'primary' as const,
            },
            {
              type: 'static_select' as const,
              action_id: 'incident_silence',
              placeholder: { type: 'plain_text' as const, text: 'Silence' },
              options: [
                { text: { type: 'plain_text' as const, text: '30 min' }, value: '30m' },
                { text: { type: 'plain_text' as const, text: '2 h' }, value: '2h' },
              ],
            },
          ],
        },
      ],
    },
  ],
};

/** Posts it, and hands it back as the workspace keeps it. */
export async function postAlert(simulator: Simulator): Promise<Message> {
  const { ts = '' } = await clientOf(simulator).chat.postMessage(ALERT_MESSAGE);
  const message = simulator.workspace.message(ALERTS, ts);
  if (!message) throw new Error('the message is not there');
  return message;
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
