import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A process under measurement, on a port of its own choice. */
export interface Child {
  readonly url: string;
  readonly process: ChildProcess;
  /** Milliseconds from its start until it said that it listens. */
  readonly listeningAfter: number;
  /** Resident memory, in bytes. Linux only. */
  rss(): number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a script and resolves once it logged `{"msg": "listening", "port": …}`. @param execArgv of its Node */
export const startChild = async (
  script: string,
  environment: Record<string, string> = {},
  execArgv: readonly string[] = [],
): Promise<Child> => {
  const started = performance.now();
  const child = fork(script, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...execArgv],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error(`${script}: no output`);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`${script} ended with ${String(code)} before it listened`));
    });
    createInterface(stdout).on('line', (line) => {
      const said = JSON.parse(line) as { msg?: string; port?: number };
      if (said.msg === 'listening' && said.port !== undefined) resolve(said.port);
    });
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    process: child,
    listeningAfter: performance.now() - started,
    rss: () => {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1];
      return Number(kilobytes) * 1_024;
    },
    stop: async (signal = 'SIGTERM') => {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
};

/** BENCH_MAIN is another build's, to compare with. @param execArgv of its Node */
export const startService = (
  file: string,
  slackUrl: string,
  more: Record<string, string> = {},
  execArgv: readonly string[] = [],
): Promise<Child> =>
  startChild(
    process.env['BENCH_MAIN'] ?? 'dist/main.js',
    {
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_CHANNEL: 'C0BENCH0001',
      SLACK_API_URL: `${slackUrl}/api/`,
      THREAD_STORE_FILE: file,
      BIND_HOST: '127.0.0.1',
      BIND_PORT: '0',
      WEBHOOK_WAIT: '0',
      ...more,
    },
    execArgv,
  );
