import { randomBytes } from 'node:crypto';
import { SlackError } from '../web-api/answer.js';

/** https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */
const LIFE_MS = 3_000;

interface Trigger {
  user: string;
  /** The trigger came out of a modal: views.push goes on top of it. */
  fromView: boolean;
  until: number;
  isUsed: boolean;
}

/** What lets an app open a view for a person: it comes with what they did, lives 3 s, and works once. */
export class TriggerIds {
  private readonly known = new Map<string, Trigger>();

  constructor(private readonly now: () => number) {}

  issue(user: string, fromView: boolean): string {
    const id = `${1_000_000_000_000 + this.known.size}.${Math.floor(this.now() / 1000)}.${randomBytes(16).toString('hex')}`;
    this.known.set(id, { user, fromView, until: this.now() + LIFE_MS, isUsed: false });
    return id;
  }

  /** Looks without using it up: a view that is refused leaves the trigger as it was. */
  check(id: string | undefined): Trigger {
    const trigger = id === undefined ? undefined : this.known.get(id);
    if (!trigger) throw new SlackError('invalid_trigger_id');
    if (trigger.isUsed) throw new SlackError('exchanged_trigger_id');
    if (this.now() > trigger.until) throw new SlackError('expired_trigger_id');
    return trigger;
  }
}
