import { existsSync, readFileSync, statSync } from 'node:fs';
import { builtMain, type ServiceOptions } from './service-process.js';

/** Heap of the chart's default pod: three quarters of 512 MB. */
const HEAP = '--max-old-space-size=384';

export const MEGABYTE = 1_000_000;

/** For `ServiceOptions.command`: the service with as little memory as the chart gives it. */
export const smallPod = (): NonNullable<ServiceOptions['command']> => [process.execPath, HEAP, builtMain()];

/** Resident memory of a process, in bytes. Linux only. */
export const rssOf = ({ pid }: { readonly pid: number }): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;

/** Bytes; 0 while it is not there. */
export const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** What was written to a store's file, in bytes: look at it after each change. A file that was replaced counts whole. */
export class WrittenBytes {
  private bytes = 0;
  private before: { readonly ino: number; readonly size: number };

  constructor(private readonly file: string) {
    this.before = statSync(file);
  }

  look(): number {
    const { ino, size } = statSync(this.file);
    this.bytes += ino === this.before.ino ? Math.max(0, size - this.before.size) : size;
    this.before = { ino, size };
    return this.bytes;
  }
}
