import { randomBytes } from 'node:crypto';
import { SlackError } from '../web-api/answer.js';
import { TEAM } from '../workspace/user.js';

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const USES = 5;
const LIFE_MS = 30 * 60_000;

export const RESPONSE_PATH = '/actions/';

/** Where an answer to a response_url goes. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  /** The message that was acted on, and the thread that it is in. */
  readonly ts: string;
  readonly thread_ts?: string;
  readonly isEphemeral: boolean;
}

interface Issued {
  target: ResponseTarget;
  until: number;
  left: number;
}

/** The addresses through which an app answers what a person did, without a token. */
export class ResponseUrls {
  private readonly byPath = new Map<string, Issued>();

  constructor(
    /** The simulator's address, with a trailing slash. */
    private readonly base: () => string,
    private readonly now: () => number,
  ) {}

  issue(target: ResponseTarget): string {
    const path = `${RESPONSE_PATH}${TEAM.id}/${1_000_000_000_000 + this.byPath.size}/${randomBytes(12).toString('hex')}`;
    this.byPath.set(path, { target, until: this.now() + LIFE_MS, left: USES });
    return new URL(path, this.base()).href;
  }

  /** Counts as a use, also when the answer is then refused. */
  take(path: string): ResponseTarget {
    const issued = this.byPath.get(path);
    if (!issued || this.now() > issued.until) throw new SlackError('expired_url');
    if (issued.left === 0) throw new SlackError('used_url');
    issued.left -= 1;
    return issued.target;
  }
}
