import { parseArgs } from 'node:util';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator.js';

const HELP = `A local Slack workspace.

  --port <n>               first port to try, default 4000; a taken one is stepped over
  --host <address>         default 127.0.0.1
  --token <xoxb-…>         the bot token that is taken, default xoxb-simulator-token
  --app-token <xapp-…>     the app-level token that is taken, default xapp-simulator-token
  --posts-per-second <n>   pace of chat.postMessage per channel, default 1
  --post-burst <n>         default 3
  --no-pace                never answers 429
`;

/** How many ports after the first are tried. */
const TRIES = 50;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4000' },
      host: { type: 'string' },
      token: { type: 'string' },
      'app-token': { type: 'string' },
      'posts-per-second': { type: 'string' },
      'post-burst': { type: 'string' },
      'no-pace': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const simulator = await startOnFreePort({
    port: Number(values.port),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.token !== undefined && { botToken: values.token }),
    ...(values['app-token'] !== undefined && { appToken: values['app-token'] }),
    ...(values['posts-per-second'] !== undefined && { postsPerSecond: Number(values['posts-per-second']) }),
    ...(values['post-burst'] !== undefined && { postBurst: Number(values['post-burst']) }),
    ...(values['no-pace'] && { pace: 'off' }),
  });
  process.stdout.write(`Slack simulator: ${simulator.url}\nSLACK_API_URL=${simulator.apiUrl}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
}

async function startOnFreePort(options: SimulatorOptions & { port: number }): Promise<Simulator> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await startSimulator({ ...options, port: options.port + tried });
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || tried >= TRIES) throw error;
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
