import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { Clock } from '../clock/clock.js';
import type { ThreadRecord } from '../domain/record.js';
import { AppLogger } from '../logging/logger.js';
import { STORE_OPERATIONS, StoreObserver, type StoreOperation } from '../thread-store/store-observer.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { IncidentMeters } from './incident-meters.js';

/** Memory, a fast disk, Redis, a slow disk, what is given up after 800 ms. */
const BUCKETS = [0.0002, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Measures the thread store, and passes on what changed in it. */
@Injectable()
export class StoreMeters extends StoreObserver {
  private readonly operations: Histogram<'operation'>;
  private readonly failures: Counter<'operation'>;

  constructor(
    registry: Registry,
    private readonly clock: Clock,
    private readonly incidents: IncidentMeters,
    private readonly logger: AppLogger,
  ) {
    super();
    const options = { labelNames: ['operation'] as const, registers: [registry] };
    this.operations = new Histogram({
      ...options,
      name: 'alert_threader_store_operation_seconds',
      help: 'Time that operations of the thread store took, failed ones included. The file store reads live records from memory: that is not measured.',
      buckets: BUCKETS,
    });
    this.failures = new Counter({
      ...options,
      name: 'alert_threader_store_failures_total',
      help: 'Operations that the thread store could not do: the disk or Redis takes or gives nothing.',
    });
    for (const operation of STORE_OPERATIONS) {
      this.operations.zero({ operation });
      this.failures.inc({ operation }, 0);
    }
  }

  override now(): number {
    return this.clock.monotonic();
  }

  override ended(operation: StoreOperation, startedAt: number, error?: unknown): void {
    this.operations.observe({ operation }, (this.clock.monotonic() - startedAt) / 1_000);
    if (error instanceof StoreUnavailableError) this.failures.inc({ operation });
  }

  override changed(before: ThreadRecord, after: ThreadRecord): void {
    try {
      this.incidents.changed(before, after);
    } catch (error) {
      // What was changed is durable: who waits for it must not be told otherwise.
      const { key, channel } = after;
      this.logger.error({ threadKey: key, channel, err: error }, 'change of a record not measured');
    }
  }
}
