// A Slack workspace with a channel full of threads, and people who click when they are told to: a process of its own.
import { startSimulator } from '../simulator/simulator.js';
import { MethodArguments } from '../simulator/web-api/method-arguments.js';
import { readContent } from '../simulator/web-api/message-content.js';
import { BOT } from '../simulator/workspace/user.js';
import { rootMessage } from '../src/delivery/outgoing.js';
import { Clicker, type Told } from './clicker.js';
import { writeLiveStore, type Show } from './live-store.js';

const CHANNEL = 'C0BENCH0001';
const BUTTONS = { any: true, silence: new Set<never>() };

const { BENCH_STORE: file = '', BENCH_SHOWN: shown = '0' } = process.env;
const simulator = await startSimulator({
  pace: 'slack',
  botToken: 'xoxb-bench',
  appToken: 'xapp-bench',
  channels: [{ id: CHANNEL, name: 'bench', member: true }],
});
const { workspace } = simulator;
const roots: string[] = [];

const show: Show = (thread, operation) => {
  const { metadata, ...message } = rootMessage(thread, operation, BUTTONS);
  const args = new MethodArguments('chat.postMessage', { channel: CHANNEL, ...message });
  const author = { channel: CHANNEL, user: BOT.user, bot_id: BOT.bot };
  const { ts } = workspace.post({ ...author, ...readContent(args, 'post'), metadata });
  roots.push(ts);
  return ts;
};
await writeLiveStore(file, Number(shown), show);

const clicker = new Clicker(simulator, CHANNEL, roots);
process.on('message', ({ clicks, everyMs }: { clicks: number; everyMs: number }) => {
  void clicker.run(clicks, everyMs).then((told: Told) => process.send?.(told));
});
process.stdout.write(`${JSON.stringify({ msg: 'listening', port: simulator.port })}\n`);
