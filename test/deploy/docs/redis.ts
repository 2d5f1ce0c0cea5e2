import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import type { Account } from './accounts.js';
import { ROOT } from './markdown.js';

/** A real Redis with config/redis.example.conf, in a folder that the test knows. */
export class ExampleRedis {
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly configFile: string,
    private readonly user: Account,
  ) {
    const example = readFileSync(join(ROOT, 'config/redis.example.conf'), 'utf8');
    writeFileSync(configFile, `${example}\nbind 127.0.0.1\nport ${String(port)}\ndir ${folder}\nsave ""\n`);
  }

  async start(): Promise<void> {
    this.child = spawn('redis-server', [this.configFile], { stdio: 'ignore', cwd: this.folder, ...this.user });
    await eventually('Redis to answer', () => this.answers());
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await closed;
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.setTimeout(1_000, () => socket.destroy());
      socket.once('data', (data) => {
        resolve(data.toString().startsWith('+PONG'));
        socket.destroy();
      });
      socket.once('error', () => {
        resolve(false);
      });
      socket.once('close', () => {
        resolve(false);
      });
    });
  }
}
