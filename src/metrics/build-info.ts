import { createRequire } from 'node:module';
import { Gauge, type Registry } from 'prom-client';

/** Of the package. */
export const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Which version runs, and how: a 1 whose labels say it. */
export const registerBuildInfo = (registry: Registry, threadStore: string): void => {
  new Gauge({
    name: 'alert_threader_build_info',
    help: 'Always 1; the labels tell which version runs.',
    labelNames: ['version', 'thread_store', 'node_version'],
    registers: [registry],
  }).set({ version, thread_store: threadStore, node_version: process.version }, 1);
};
