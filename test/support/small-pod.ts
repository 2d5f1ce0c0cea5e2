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
