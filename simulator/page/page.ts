import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Workspace } from '../workspace/workspace.js';
import { readAsset } from './assets.js';
import type { AppConnections, LiveUpdates } from './live-updates.js';
import type { Renderer } from './render.js';

/** Nothing but our own files, and no inline script or style: a text that became markup could still do nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Drawing {
  renderer: Renderer;
  live: LiveUpdates;
}

/** The workspace to look at: the shell, its files, fragments of channels and threads, and the stream of changes. */
export class Page {
  private readonly run = randomUUID();
  private drawing: Promise<Drawing> | undefined;
  private isClosed = false;

  constructor(
    private readonly workspace: Workspace,
    private readonly app: AppConnections,
  ) {}

  async serve(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const html = (body: string | undefined): void => {
      if (body === undefined) send(404, 'text/plain', 'there is nothing here');
      else send(200, 'text/html; charset=utf-8', body);
    };
    const [, kind = '', first = '', second = ''] = url.pathname.split('/').map(decodeURIComponent);
    if (kind === 'assets') {
      const asset = await readAsset(first);
      if (asset) send(200, asset.type, asset.body);
      else html(undefined);
    } else if (kind === 'archives') {
      response.writeHead(302, { location: fromPermalink(first, second, url.searchParams.get('thread_ts')) }).end();
    } else if (kind === 'events') {
      (await this.draw()).live.open(response, url.searchParams.get('as') ?? '');
    } else if (kind === 'view' && this.workspace.findChannel(first)) {
      const { renderer } = await this.draw();
      html(second === '' ? renderer.channel(first) : renderer.thread(first, second));
    } else if (url.pathname === '/') {
      html((await this.draw()).renderer.shell(`${url.origin}/api/`));
    } else html(undefined);
  }

  close(): void {
    this.isClosed = true;
    void this.drawing?.then(({ live }) => {
      live.close();
    });
  }

  /** React and the library take a third of a second to load: tests that look at no page do without. */
  private draw(): Promise<Drawing> {
    this.drawing ??= (async () => {
      const [{ Renderer }, { LiveUpdates }] = await Promise.all([import('./render.js'), import('./live-updates.js')]);
      const renderer = new Renderer(this.workspace);
      const live = new LiveUpdates(this.workspace, renderer, this.app, this.run);
      if (this.isClosed) live.close();
      return { renderer, live };
    })();
    return this.drawing;
  }
}

/** `/archives/C…/p1700000000000100?thread_ts=…` to the page's own address. */
function fromPermalink(channel: string, id: string, threadTs: string | null): string {
  const ts = id.replace(/^p/, '').replace(/(\d{6})$/, '.$1');
  return `/#/${[channel, threadTs ?? ts]
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/')}`;
}
