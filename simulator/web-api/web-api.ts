import type { Call } from '../calls/call.js';
import type { Faults } from '../faults/faults.js';
import type { Pace } from '../pace/pace.js';
import type { Workspace } from '../workspace/workspace.js';
import { accepted, rateLimited, SlackError, type Reply } from './answer.js';
import { isCovered, unknownArguments } from './coverage.js';
import { MethodArguments } from './method-arguments.js';
import { readableArguments, type WebApiRequest } from './read-request.js';
import { ROUTES } from './routes.js';

const SCOPES =
  'chat:write,chat:write.public,reactions:read,reactions:write,channels:history,groups:history,channels:join,channels:read,groups:read,users:read';

/** A demo may run for days; no test comes near. */
const MAX_CALLS = 100_000;

export interface WebApiParts {
  workspace: Workspace;
  faults: Faults;
  pace: Pace;
  botToken: string;
  /** The page's address; known once the port is. */
  url: () => string;
}

/** Slack's Web API without its transport: a call goes in, a reply comes out. */
export class WebApi {
  readonly calls: Call[] = [];

  constructor(private readonly parts: WebApiParts) {}

  /** Writes the call down before anything happens to it. */
  arrived({ method, args }: WebApiRequest): Call {
    const channel = typeof args.channel === 'string' ? args.channel : undefined;
    const call: Call = {
      at: this.parts.workspace.now(),
      method,
      ...(channel !== undefined && { channel }),
      args: readableArguments(args),
      unknownArguments: unknownArguments(method, Object.keys(args)),
      outcome: 'pending',
    };
    this.calls.push(call);
    if (this.calls.length > MAX_CALLS) this.calls.shift();
    return call;
  }

  /** Lets the call take effect. */
  accept(call: Call, request: WebApiRequest): Reply {
    const reply = this.answer(request);
    const { ok, error, ts } = reply.body;
    call.outcome = ok === true ? 'ok' : typeof error === 'string' ? error : 'unknown';
    if (typeof ts === 'string') call.ts = ts;
    return reply;
  }

  private answer({ method, token, args }: WebApiRequest): Reply {
    const { workspace, faults, pace, botToken, url } = this.parts;
    try {
      if (!isCovered(method)) throw new SlackError('unknown_method', [], { req_method: method });
      if (token === undefined) throw new SlackError('not_authed');
      if (token !== botToken) throw new SlackError('invalid_auth');
      const wait = pace.take(method, typeof args.channel === 'string' ? args.channel : '');
      if (wait !== undefined) return rateLimited(wait);
      const context = { args: new MethodArguments(method, args), workspace, faults, url: url() };
      const reply = accepted(ROUTES[method](context));
      return { ...reply, headers: { 'x-oauth-scopes': SCOPES } };
    } catch (error) {
      if (error instanceof SlackError) return error.toReply();
      throw error;
    }
  }
}
