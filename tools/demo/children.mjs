import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { node, root } from './paths.mjs';

const GUARD = new URL('end-with-parent.mjs', import.meta.url).href;
const LAST_LINES = 12;
/** After this the end is no longer asked for. */
const GRACE_MS = 5000;

/** A program of ours in a process of its own. Its output goes to a file. */
class Child {
  #process;
  #lines = [];
  #waiting = new Set();
  #name;
  #logFile;
  isOver = false;

  constructor(name, args, { env, logFile }) {
    this.#name = name;
    this.#logFile = logFile;
    // A group of its own: Ctrl-C in the terminal reaches the demo alone, which then ends its children in good order.
    const detached = process.platform !== 'win32';
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'];
    this.#process = spawn(node, ['--import', GUARD, ...args], { cwd: root, env, detached, stdio, windowsHide: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.pipe(log, { end: false });
      createInterface(stream).on('line', (line) => this.#heard(line));
    }
    // 'close' comes once the output is read to its end; 'exit' would be too early for the last lines.
    this.ended = once(this.#process, 'close').then(([code, signal]) => {
      const how = code === null ? signal : `exit code ${code}`;
      this.isOver = true;
      log.end();
      for (const { reject } of this.#waiting) reject(this.death(how));
      return how;
    });
  }

  /** Resolves with the pattern's match in the first line that has one. */
  says(pattern) {
    return new Promise((resolve, reject) => {
      const check = (line) => {
        const match = pattern.exec(line);
        if (match !== null) resolve(match);
        return match !== null;
      };
      if (!this.#lines.some(check)) this.#waiting.add({ check, reject });
    });
  }

  death(how) {
    const last = this.#lines.map((line) => `  ${line}`).join('\n');
    return new Error(`${this.#name} ended (${how}). Its last lines (all are in ${this.#logFile}):\n${last}`);
  }

  async stop() {
    if (this.isOver) return;
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), GRACE_MS);
    this.#process.kill('SIGTERM');
    await this.ended;
    clearTimeout(timer);
  }

  #heard(line) {
    this.#lines.push(line);
    if (this.#lines.length > LAST_LINES) this.#lines.shift();
    for (const waiting of this.#waiting) if (waiting.check(line)) this.#waiting.delete(waiting);
  }
}

/** Every process that the demo started. */
export class Children {
  #children = [];
  #onDeath;
  #isStopping = false;

  /** @param onDeath is told the error when a child ends by itself */
  constructor(onDeath) {
    this.#onDeath = onDeath;
  }

  start(name, args, options) {
    const child = new Child(name, args, options);
    this.#children.push(child);
    void child.ended.then((how) => {
      if (!this.#isStopping) this.#onDeath(child.death(how));
    });
    return child;
  }

  async stop() {
    this.#isStopping = true;
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}
