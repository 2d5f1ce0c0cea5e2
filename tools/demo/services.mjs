// Starts the simulator, something to keep silences, and the service that talks to both.
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './paths.mjs';
import { startSilences } from './silences.mjs';

export const CHANNEL = 'C0ALERTS01';
const TOKEN = 'xoxb-simulator-token';
const APP_TOKEN = 'xapp-simulator-token';
const HOST = '127.0.0.1';
/** How many ports after the first are tried. */
const TRIES = 50;
const CONNECTED_WITHIN_MS = 10_000;
const POLL_MS = 50;
/** The person's own settings must not reach the service: only what any program needs does. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'TZ', 'LANG', 'LC_ALL'];

/**
 * Resolves when both answer, and clicks on the page reach the service.
 * @returns pageUrl: #alerts on the Slack page; slackUrl, serviceUrl, alertmanagerUrl: origins; logFile: the service's log
 */
export async function startServices(children, { port, slackPort, signal }) {
  const servicePort = await freePort(port);
  // Two demos at once have two ports, and must not share a store.
  const folder = join(root, 'data', 'demo', String(servicePort));
  rmSync(folder, { recursive: true, force: true }); // the story begins with an empty store
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'service.log');

  const simulator = children.start('the simulator', ['dist-simulator/main.js', '--port', String(slackPort)], {
    env: { ...inherited(), NODE_ENV: 'production' },
    logFile: join(folder, 'simulator.log'),
  });
  const [, slackUrl] = await unlessAborted(simulator.says(/(http:\S+)\/$/), signal);

  const serviceUrl = `http://${HOST}:${servicePort}`;
  const alertmanagerUrl = await startSilences(() => firingAlerts(serviceUrl));
  const service = children.start('the service', ['dist/main.js'], {
    env: {
      ...inherited(),
      SLACK_API_URL: `${slackUrl}/api/`,
      SLACK_BOT_TOKEN: TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_CHANNEL: CHANNEL,
      ENVIRONMENT: 'production',
      BIND_HOST: HOST,
      BIND_PORT: String(servicePort),
      THREAD_STORE_FILE: join(folder, 'threads.json'),
      LOG_FORMAT: 'pretty',
      ALERTMANAGER_URL: alertmanagerUrl,
    },
    logFile,
  });
  await unlessAborted(service.says(/ listening /), signal);
  await healthy(serviceUrl, signal);
  return { pageUrl: `${slackUrl}/#/${CHANNEL}`, slackUrl, serviceUrl, alertmanagerUrl, logFile };
}

/** The story's and the viewer's own: nobody but the service hears of all. */
async function firingAlerts(serviceUrl) {
  const response = await fetch(`${serviceUrl}/incidents?limit=200`);
  const { items } = await response.json();
  return items
    .flatMap(({ alerts }) => alerts)
    .filter(({ status }) => status === 'firing')
    .map(({ fingerprint, labels }) => ({ fingerprint, labels }));
}

async function healthy(serviceUrl, signal) {
  const end = performance.now() + CONNECTED_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${serviceUrl}/health`, { signal });
    const { status, details } = await response.json();
    if (status === 'healthy' && details.socket.state === 'connected') return;
    if (performance.now() >= end) {
      throw new Error(
        `the service says that it is ${status}, its socket ${details.socket.state}: see ${serviceUrl}/health`,
      );
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

function inherited() {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The first one that nobody listens on. */
async function freePort(first) {
  for (let port = first; port <= Math.min(first + TRIES, 65535); port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`the ports from ${first} to ${Math.min(first + TRIES, 65535)} are taken`);
}

function isFree(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    promise.then(resolve, reject);
  });
}
