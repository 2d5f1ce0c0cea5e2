import type { Call } from '../calls/call.js';
import type { Faults } from '../faults/faults.js';
import type { ResponseUrls } from '../interactions/response-urls.js';
import type { TriggerIds } from '../interactions/trigger-ids.js';
import type { Pace } from '../pace/pace.js';
import type { AppEvents } from '../people/app-events.js';
import type { Sockets } from '../sockets/sockets.js';
import type { Workspace } from '../workspace/workspace.js';
import { accepted, rateLimited, SlackError, type Reply } from './answer.js';
import { coverageOf, isCovered, unknownArguments, type MethodName } from './coverage.js';
import { MethodArguments } from './method-arguments.js';
import { readableArguments, type WebApiRequest } from './read-request.js';
import { ROUTES } from './routes.js';

const SCOPES =
  'chat:write,chat:write.public,reactions:read,reactions:write,channels:history,groups:history,channels:join,channels:read,groups:read,users:read,usergroups:read,commands';

/** A demo may run for days; no test comes near. */
const MAX_CALLS = 100_000;

export interface WebApiParts {
  workspace: Workspace;
  faults: Faults;
  pace: Pace;
  sockets: Sockets;
  events: AppEvents;
  triggers: TriggerIds;
  responseUrls: ResponseUrls;
  botToken: string;
  appToken: string;
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

  private answer({ method, token, args, responsePath }: WebApiRequest): Reply {
    const { pace, responseUrls, url, ...parts } = this.parts;
    try {
      // What is posted to a response_url is covered, but nobody can call it as a method.
      if (!isCovered(method) || (method === 'response_url') !== (responsePath !== undefined)) {
        throw new SlackError('unknown_method', [], { req_method: method });
      }
      this.checkToken(method, token);
      const target = responsePath === undefined ? {} : { target: responseUrls.take(responsePath) };
      const wait = pace.take(method, typeof args.channel === 'string' ? args.channel : '');
      if (wait !== undefined) return rateLimited(wait);
      const context = { ...parts, ...target, args: new MethodArguments(method, args), url: url() };
      const reply = accepted(ROUTES[method](context));
      return { ...reply, headers: { 'x-oauth-scopes': SCOPES } };
    } catch (error) {
      if (error instanceof SlackError) return error.toReply();
      throw error;
    }
  }

  private checkToken(method: MethodName, token: string | undefined): void {
    const { token: wanted = 'bot' } = coverageOf(method);
    if (wanted === 'none') return;
    const tokens = { bot: this.parts.botToken, app: this.parts.appToken };
    if (token === undefined) throw new SlackError('not_authed');
    if (token === tokens[wanted]) return;
    throw new SlackError(Object.values(tokens).includes(token) ? 'not_allowed_token_type' : 'invalid_auth');
  }
}
