import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const KEPT_OUTPUT = 4_000;

/** A program that runs until it is stopped, or until its test's process is gone, however that ended. */
export class Daemon {
  /** The last of what it wrote. */
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  constructor(program: string, args: readonly string[]) {
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.closed = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-KEPT_OUTPUT)));
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** At once: nothing of it is kept. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
