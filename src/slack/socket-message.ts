/** An envelope as it came, with its parts checked as far as the transport needs them. */
export interface ReceivedEnvelope {
  readonly id: string;
  readonly type: string;
  readonly payload: unknown;
  readonly retry: number;
}

/** What a message of the WebSocket is. `none`: nothing that can be answered. */
export type SocketMessage =
  | { readonly kind: 'hello'; readonly connections: number | null }
  | { readonly kind: 'disconnect'; readonly reason: string }
  | { readonly kind: 'envelope'; readonly envelope: ReceivedEnvelope }
  | { readonly kind: 'none' };

const NONE: SocketMessage = { kind: 'none' };

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * Reads a message, whatever was sent. All that has an `envelope_id` is an envelope, of whatever type.
 * https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export const parseSocketMessage = (data: string): SocketMessage => {
  const message = parsed(data);
  if (typeof message !== 'object' || message === null) return NONE;
  const { type, envelope_id: id, payload, num_connections, reason, ...rest } = message as Record<string, unknown>;
  if (typeof id === 'string' && id !== '') {
    const retry = count(rest['retry_attempt']) ?? count(rest['retry_num']) ?? 0;
    return { kind: 'envelope', envelope: { id, type: typeof type === 'string' ? type : '', payload, retry } };
  }
  if (type === 'hello') return { kind: 'hello', connections: count(num_connections) };
  if (type === 'disconnect') return { kind: 'disconnect', reason: typeof reason === 'string' ? reason : '' };
  return NONE;
};
