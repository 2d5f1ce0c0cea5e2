import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** A child that runs store-child.ts, and what it said so far. */
export class StoreChild {
  readonly lines: string[] = [];
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly ended: Promise<unknown>;
  private over = false;
  private wake: () => void = () => undefined;

  constructor(file: string, mode: 'hold' | 'write' = 'hold') {
    const hooks = pathToFileURL(join(__dirname, '../../tools/typescript-hooks.mjs')).href;
    this.child = spawn(process.execPath, ['--import', hooks, join(__dirname, 'store-child.ts'), file, mode], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child.stdin.on('error', () => undefined); // it may be dead already
    this.ended = once(this.child, 'exit');
    void this.ended.then(() => {
      this.over = true;
      this.wake();
    });
    createInterface(this.child.stdout).on('line', (line) => {
      this.lines.push(line);
      this.wake();
    });
  }

  /** The first line like that. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.over) throw new Error(`the child ended without saying ${String(pattern)}: ${this.lines.join(' | ')}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
