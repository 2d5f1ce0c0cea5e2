import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from './calls/call.js';
import { Faults } from './faults/faults.js';
import { serveControl } from './http/control.js';
import { Listener } from './http/listener.js';
import { serveWebApi } from './http/web-api-endpoint.js';
import { Pace, type PaceOptions } from './pace/pace.js';
import { Page } from './page/page.js';
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
  /** The only token that is taken. Default `xoxb-simulator-token`. */
  botToken?: string;
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
  readonly workspace: Workspace;
  readonly faults: Faults;
  /** Every Web API call since the start, in order of arrival. */
  readonly calls: readonly Call[];
  addChannel(spec: ChannelSpec): Channel;
  /** Resolves with the probe's first value that is neither undefined nor false. */
  waitFor<T>(probe: () => T | undefined | false, options?: WaitOptions): Promise<T>;
  close(): Promise<void>;
}

/** Starts a local Slack workspace and resolves when it listens. Rejects with EADDRINUSE when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', botToken = 'xoxb-simulator-token', now = Date.now } = options;
  const workspace = new Workspace(options.channels ?? DEFAULT_CHANNELS, now);
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  const settled = (): void => {
    for (const listener of [...listeners]) listener();
  };
  workspace.onChange(settled);

  const listener: Listener = new Listener((request, response) => void serve(request, response), host, port);
  const url = (): string => `http://${host}:${listener.port}/`;
  const faults = new Faults(listener);
  const webApi = new WebApi({ workspace, faults, pace: new Pace(options, now), botToken, url });
  const page = new Page(workspace);
  const endpoint = { webApi, faults, closing: closing.signal, settled };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = new URL(request.url ?? '/', url());
      if (asked.pathname.startsWith('/api/')) await serveWebApi(endpoint, asked, request, response);
      else if (asked.pathname.startsWith('/control/'))
        await serveControl({ workspace, faults, webApi }, asked, request, response);
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
    workspace,
    faults,
    calls: webApi.calls,
    addChannel: (spec) => workspace.addChannel(spec),
    waitFor: (probe, waitOptions) =>
      waitFor(
        probe,
        (check) => {
          listeners.add(check);
          return () => listeners.delete(check);
        },
        () => `${workspaceAsText(workspace)}\n${callsAsText(webApi.calls)}`,
        waitOptions,
      ),
    close: async () => {
      closing.abort();
      page.close();
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
