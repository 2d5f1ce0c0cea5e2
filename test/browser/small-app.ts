import type { WebClient } from '@slack/web-api';
import type { Simulator } from '../../simulator/simulator.js';
import { clientOf, connectSocket, type Received } from '../../simulator/spec-support.js';

type Json = Record<string, unknown>;

/** What it does with an envelope. What it does not handle, it acknowledges. */
type Handler = (received: Received) => unknown;

/** An app of a few lines, made with the real clients, for what a page shows of one. */
export interface SmallApp {
  readonly client: WebClient;
  /** Every envelope, in order of arrival. */
  readonly received: Received[];
  /** By action_id, callback_id of a submission, or type of an event. */
  on(what: string, handler: Handler): void;
  call(method: string, args: Json): Promise<Json>;
  stop(): Promise<void>;
}

export async function startSmallApp(simulator: Simulator): Promise<SmallApp> {
  const handlers = new Map<string, Handler>();
  const received: Received[] = [];
  const client = clientOf(simulator);
  const socket = await connectSocket(simulator, (envelope) => {
    received.push(envelope);
    const { body } = envelope;
    const isSubmission = body.type === 'view_submission';
    const what: string = isSubmission ? body.view.callback_id : (body.actions?.[0]?.action_id ?? body.event?.type);
    return (handlers.get(what) ?? (({ ack }: Received) => ack()))(envelope);
  });
  return {
    client,
    received,
    on: (what, handler) => handlers.set(what, handler),
    call: async (method, args) => ({ ...(await client.apiCall(method, args)) }),
    stop: () => socket.disconnect(),
  };
}

export const plain = (text: string): Json => ({ type: 'plain_text', text });

export const input = (block: string, label: string, element: Json = {}, extra: Json = {}): Json => ({
  type: 'input',
  block_id: block,
  label: plain(label),
  element: { type: 'plain_text_input', action_id: 'text', ...element },
  ...extra,
});

export const button = (id: string, text: string, extra: Json = {}): Json => ({
  type: 'button',
  action_id: id,
  text: plain(text),
  ...extra,
});

export const modal = (blocks: Json[], extra: Json = {}): Json => ({
  type: 'modal',
  callback_id: 'form',
  title: plain('Silence alerts'),
  submit: plain('Silence'),
  close: plain('Cancel'),
  blocks,
  ...extra,
});
