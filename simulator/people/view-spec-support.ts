import type { WebAPICallResult } from '@slack/web-api';
import { ALICE, clientOf, connectSocket, postAlert, type Received } from '../spec-support.js';
import { startSimulator, type Simulator } from '../simulator.js';
import type { View } from '../workspace/view.js';
import type { Person } from './person.js';

type Json = Record<string, unknown>;

/** An app with a modal, over the real clients, and Alice in front of it. */
export class ModalApp {
  /** Milliseconds that the simulator's clock is ahead. */
  clock = 0;
  readonly received: Received[] = [];
  /** What the next submissions are answered with, undefined for not at all; after them, with nothing special. */
  answers: (Json | undefined)[] = [];
  simulator!: Simulator;

  async start(): Promise<void> {
    this.simulator = await startSimulator({
      pace: 'off',
      now: () => Date.now() + this.clock,
      sockets: { acknowledgeWithinMs: 300 },
    });
    await connectSocket(this.simulator, async (envelope) => {
      this.received.push(envelope);
      const isSubmission = (envelope.body as Json).type === 'view_submission';
      const answer = isSubmission && this.answers.length > 0 ? this.answers.shift() : {};
      if (answer) await envelope.ack(answer);
    });
  }

  get alice(): Person {
    return this.simulator.person(ALICE);
  }

  /** The body of the last envelope. */
  get last(): Received['body'] {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-return
    return this.received.at(-1)?.body;
  }

  /** The view that Alice sees. */
  get top(): View {
    const view = this.alice.views.at(-1);
    if (!view) throw new Error('no view is open');
    return view;
  }

  call(method: string, args: Json): Promise<WebAPICallResult> {
    return clientOf(this.simulator).apiCall(method, args);
  }

  /** A fresh trigger_id, from a click of hers on a message. */
  async trigger(): Promise<string> {
    await this.alice.clicks(await postAlert(this.simulator), 'incident_ack');
    return String((this.last as Json).trigger_id);
  }

  async opens(view: Json = modal()): Promise<View> {
    await this.call('views.open', { trigger_id: await this.trigger(), view });
    return this.top;
  }
}

export const plain = (text: string) => ({ type: 'plain_text', text });

export const input = (block: string, action: string, extra: Json = {}, element: Json = {}): Json => ({
  type: 'input',
  block_id: block,
  label: plain(block),
  element: { type: 'plain_text_input', action_id: action, ...element },
  ...extra,
});

export const modal = (extra: Json = {}): Json => ({
  type: 'modal',
  callback_id: 'incident_resolve',
  title: plain('Resolve'),
  submit: plain('Resolve'),
  private_metadata: 'INC-1',
  blocks: [
    input('action_taken', 'action_input', { optional: true }),
    input('root_cause', 'root_cause_input', { optional: true }),
    { type: 'actions', block_id: 'more', elements: [{ type: 'button', action_id: 'preview', text: plain('Preview') }] },
  ],
  ...extra,
});
