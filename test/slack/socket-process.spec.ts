import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

it('a process with a socket outlives whatever Slack does, and ends when it is done', async () => {
  const hooks = pathToFileURL(join(__dirname, '../../tools/typescript-hooks.mjs')).href;
  const child = spawn(process.execPath, ['--import', hooks, join(__dirname, 'socket-child.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
  });
  const [out, printed, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect({ code: code as unknown, out, printed }).toEqual({ code: 0, out: 'alive\n', printed: '' });
});
