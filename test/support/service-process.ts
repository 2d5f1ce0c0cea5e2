import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { eventually, type EventuallyOptions } from './eventually.js';
import { TempFolder } from './temp-folder.js';

const MAIN = join(__dirname, '../../dist/main.js');

const LAST_LINES = 30;

export interface ServiceOptions {
  /** Settings; nothing is taken over from the test's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The store's file, which the test keeps; by default one that is gone after `stop`. */
  readonly file?: string;
  /** What becomes the service instead of `node dist/main.js`: a program that makes a place for it first. */
  readonly command?: readonly [program: string, ...args: string[]];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, `any` as tests like it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  readonly body: any;
}

/** A line of the service's log. */
export interface ServiceLogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Built by `npm run build`; tests run what users run. */
export const builtMain = (): string => {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run \`npm run build\` first`);
  return MAIN;
};

const running = new Set<ServiceProcess>();

/** For `afterEach`: ends what a test left running, however it went. */
export const endServices = async (): Promise<void> => {
  for (const service of [...running]) await service.dispose();
};

/** The service as a process of its own, on any free port of 127.0.0.1. */
export class ServiceProcess {
  readonly exited: Promise<Exit>;
  /** Standard error: empty unless it could not start. */
  stderr = '';
  private readonly stdout: string[] = [];
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly folder: TempFolder | undefined;
  private readonly secrets: readonly string[];
  private listening: { readonly port: number } | undefined;
  private end: Exit | undefined;
  private mayEnd = false;

  constructor({ env, file, command = [process.execPath, builtMain()] }: ServiceOptions) {
    const [program, ...args] = command;
    this.folder = file === undefined ? new TempFolder() : undefined;
    this.secrets = Object.entries(env)
      .filter(([name, value]) => name.endsWith('_TOKEN') && value !== '')
      .map(([, value]) => value);
    this.child = spawn(program, args, {
      env: {
        PATH: process.env['PATH'] ?? '',
        BIND_HOST: '127.0.0.1',
        BIND_PORT: '0',
        THREAD_STORE_FILE: file ?? this.folder?.file('threads.json') ?? '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // not node:readline: it also splits at U+2028, which JSON may hold
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.hear(line);
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // `close`, not `exit`: by then everything that it wrote has been read
    running.add(this);
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        running.delete(this);
        this.end = { code, signal };
        resolve(this.end);
      });
    });
  }

  /** Base address without a slash at its end. */
  get url(): string {
    if (this.listening === undefined) throw new Error('the service does not listen yet');
    return `http://127.0.0.1:${this.listening.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What the service wrote to its log so far. */
  get log(): ServiceLogLine[] {
    return this.stdout.map((line) => JSON.parse(line) as ServiceLogLine);
  }

  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  get isListening(): boolean {
    return this.listening !== undefined;
  }

  /** Resolves once requests are taken. Rejects when the process ends before. */
  async ready(): Promise<this> {
    await this.until('the service to listen', () => this.listening);
    return this;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.request('GET', path, undefined, headers);
  }

  /** @param body a string is sent as it is, anything else as JSON */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request('POST', path, text, { 'content-type': 'application/json', ...headers });
  }

  /** {@link eventually}, which gives up as soon as the process has died, and tells its last log lines. */
  async until<T>(
    what: string,
    probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
    options: EventuallyOptions = {},
  ): Promise<T> {
    const found = await eventually(what, async () => (this.end !== undefined && !this.mayEnd ? DIED : probe()), {
      ...options,
      instead: () => `${options.instead?.() ?? ''}\n${this.lastLines()}`,
    });
    if (found === DIED) throw this.death(what);
    return found;
  }

  /** Resolves once nothing waits for Slack at this moment. */
  async idle(): Promise<void> {
    await this.until('an empty queue', async () => {
      const { body } = await this.get('/stats');
      return body.queue.depth === 0 && body.queue.ready === 0;
    });
  }

  /** SIGTERM, and what it led to. Fails on a death before, on an end that is not clean, and on a token in the log. */
  async stop(): Promise<Exit> {
    if (this.end !== undefined && !this.mayEnd) throw this.death('SIGTERM');
    this.mayEnd = true;
    this.child.kill('SIGTERM');
    const exit = await this.ended('SIGTERM');
    this.finish();
    if (exit.code !== 0) throw new Error(`SIGTERM ended the service with ${describe(exit)}\n${this.lastLines()}`);
    return exit;
  }

  /** kill -9. */
  async kill9(): Promise<void> {
    if (this.end !== undefined && !this.mayEnd) throw this.death('kill -9');
    this.mayEnd = true;
    this.child.kill('SIGKILL');
    await this.ended('kill -9');
    this.finish();
  }

  /** Ends it, however it goes. */
  async dispose(): Promise<void> {
    this.mayEnd = true;
    this.child.kill('SIGKILL');
    await this.exited;
    this.finish();
  }

  /** Waits for a process that is meant to end by itself. */
  async refusal(): Promise<Exit> {
    this.mayEnd = true;
    const exit = await this.ended('nothing');
    this.finish();
    return exit;
  }

  private async ended(after: string): Promise<Exit> {
    return eventually(`the service to end after ${after}`, () => this.end, { instead: () => this.lastLines() });
  }

  private finish(): void {
    this.folder?.remove();
    const all = `${this.stdout.join('\n')}\n${this.stderr}`;
    const leaked = this.secrets.filter(
      (secret) => all.includes(secret) || all.includes(JSON.stringify(secret).slice(1, -1)),
    );
    if (leaked.length > 0) throw new Error(`${leaked.length} of the service's tokens are in its log`);
  }

  private async request(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<HttpAnswer> {
    try {
      const init = { method, headers, ...(body === undefined ? {} : { body }) };
      const answer = await fetch(`${this.url}${path}`, init);
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: isJson ? (JSON.parse(text) as unknown) : undefined,
      };
    } catch (error) {
      if (this.end !== undefined && !this.mayEnd) throw this.death(`${method} ${path}`);
      throw error;
    }
  }

  private hear(line: string): void {
    this.stdout.push(line);
    if (this.listening !== undefined || !line.includes('"listening"')) return;
    const { msg, port } = JSON.parse(line) as ServiceLogLine;
    if (msg === 'listening') this.listening = { port: port as number };
  }

  private death(during: string): Error {
    return new Error(`the service died (${describe(this.end)}) before or during: ${during}\n${this.lastLines()}`);
  }

  private lastLines(): string {
    return [`last lines of the service:`, ...this.stdout.slice(-LAST_LINES), this.stderr].join('\n');
  }
}

const DIED = Symbol('died');

const describe = (exit: Exit | undefined): string =>
  exit === undefined ? 'still running' : `exit code ${String(exit.code)}, signal ${String(exit.signal)}`;

/** Starts the service and resolves once it takes requests. Whoever starts it ends it: `stop`, `kill9`, {@link endServices}. */
export const startService = (options: ServiceOptions): Promise<ServiceProcess> => new ServiceProcess(options).ready();
