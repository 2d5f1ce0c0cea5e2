import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from './calls/call.js';
import { Faults } from './faults/faults.js';
import { serveControl } from './http/control.js';
import { Listener } from './http/listener.js';
import { serveWebApi } from './http/web-api-endpoint.js';
import { RESPONSE_PATH, ResponseUrls } from './interactions/response-urls.js';
import { TriggerIds } from './interactions/trigger-ids.js';
import { Pace, type PaceOptions } from './pace/pace.js';
import { Page } from './page/page.js';
import { AppEvents } from './people/app-events.js';
import { Person } from './people/person.js';
import { envelopesAsText } from './sockets/as-text.js';
import type { SocketOptions } from './sockets/socket-options.js';
import { Sockets } from './sockets/sockets.js';
import { waitFor, type WaitOptions } from './wait-for.js';
import { WebApi } from './web-api/web-api.js';
import { workspaceAsText } from './workspace/as-text.js';
import { DEFAULT_CHANNELS, type Channel, type ChannelSpec } from './workspace/channel.js';
import { Workspace } from './workspace/workspace.js';

export interface SimulatorOptions extends PaceOptions {
  /** Default 0: any free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The only bot token that is taken. Default `xoxb-simulator-token`. */
  botToken?: string;
  /** The only app-level token that is taken. Default `xapp-simulator-token`. */
  appToken?: string;
  /** How Socket Mode behaves: waits, and which connection gets an envelope. */
  sockets?: SocketOptions;
  /** Default: #alerts, #payments, a private and an archived one. */
  channels?: readonly ChannelSpec[];
  /** Milliseconds since 1970, for ids of messages and the pace; waits of faults run on the real clock. */
  now?: () => number;
}

export interface Simulator {
  /** The page, with a trailing slash. */
  readonly url: string;
  /** For the WebClient's `slackApiUrl`. */
  readonly apiUrl: string;
  readonly port: number;
  readonly botToken: string;
  readonly appToken: string;
  readonly workspace: Workspace;
  readonly faults: Faults;
  /** Every Web API call since the start, in order of arrival. */
  readonly calls: readonly Call[];
  /** Slack's side of Socket Mode. */
  readonly sockets: Sockets;
  /** Everybody but the bot: full members, guests, a stranger. */
  readonly people: readonly Person[];
  /** Throws when there is none: by id, or by @handle without the @. */
  person(idOrName: string): Person;
  addChannel(spec: ChannelSpec): Channel;
  /** Resolves with the probe's first value that is neither undefined nor false. */
  waitFor<T>(probe: () => T | undefined | false, options?: WaitOptions): Promise<T>;
  close(): Promise<void>;
}

/** Starts a local Slack workspace and resolves when it listens. Rejects with EADDRINUSE when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', botToken = 'xoxb-simulator-token', now = Date.now } = options;
  const { appToken = 'xapp-simulator-token' } = options;
  const workspace = new Workspace(options.channels ?? DEFAULT_CHANNELS, now);
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  const settled = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const onAnyChange = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  workspace.onChange(settled);

  const listener: Listener = new Listener(
    (request, response) => void serve(request, response),
    (request, tcp, head) => {
      sockets.upgrade(request, tcp, head);
    },
    host,
    port,
  );
  const url = (): string => `http://${host}:${listener.port}/`;
  const faults = new Faults(listener);
  const sockets = new Sockets({ faults, now, changed: settled }, options.sockets);
  const events = new AppEvents({ workspace, sockets, faults });
  const triggers = new TriggerIds(now);
  const responseUrls = new ResponseUrls(url, now);
  const pace = new Pace(options, now);
  const slack = { workspace, faults, sockets, events, triggers, responseUrls };
  const webApi = new WebApi({ ...slack, pace, botToken, appToken, url });
  const people = [...workspace.users.values()].filter(({ isBot }) => !isBot).map((user) => new Person(user, slack));
  const page = new Page(workspace, {
    count: () => sockets.connections.filter(({ state }) => state === 'open').length,
    onChange: onAnyChange,
  });
  const endpoint = { webApi, faults, closing: closing.signal, settled };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = new URL(request.url ?? '/', url());
      if (asked.pathname.startsWith('/api/') || asked.pathname.startsWith(RESPONSE_PATH))
        await serveWebApi(endpoint, asked, request, response);
      else if (asked.pathname.startsWith('/control/'))
        await serveControl({ workspace, faults, webApi, sockets, people }, asked, request, response);
      else await page.serve(asked, request, response);
    } catch (error) {
      // A defect of the simulator, or a caller that went away while sending.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  await listener.open();
  return {
    get url() {
      return url();
    },
    get apiUrl() {
      return `${url()}api/`;
    },
    get port() {
      return listener.port;
    },
    botToken,
    appToken,
    workspace,
    faults,
    calls: webApi.calls,
    sockets,
    people,
    person: (idOrName) => {
      const person = people.find(({ user }) => user.id === idOrName || user.name === idOrName);
      if (!person) throw new Error(`the simulated workspace has no person ${idOrName}`);
      return person;
    },
    addChannel: (spec) => workspace.addChannel(spec),
    waitFor: (probe, waitOptions) =>
      waitFor(
        probe,
        onAnyChange,
        () => [workspaceAsText(workspace), callsAsText(webApi.calls), envelopesAsText(sockets)].join('\n'),
        waitOptions,
      ),
    close: async () => {
      closing.abort();
      page.close();
      sockets.close();
      await faults.clear();
      await listener.close();
    },
  };
}

const LAST_CALLS = 20;

function callsAsText(calls: readonly Call[]): string {
  const lines = calls
    .slice(-LAST_CALLS)
    .map(({ method, channel, outcome, ts }) => `  ${[method, channel, outcome, ts].filter(Boolean).join(' ')}`);
  return [`last calls of ${calls.length}:`, ...lines].join('\n');
}
