import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Clock } from '../clock/clock.js';
import { Delivery, type ApartReason } from '../delivery/delivery.js';
import { within } from '../health/within.js';
import { ThreadStore } from '../thread-store/thread-store.js';

const REASONS: readonly ApartReason[] = ['failed', 'unmade'];
/** As for the other figures of the store. Milliseconds. */
const LIMIT_MS = 1_500;

/** Records with which something is wrong, read when somebody asks. */
@Injectable()
export class ApartGauge {
  constructor(registry: Registry, delivery: Delivery, store: ThreadStore, clock: Clock) {
    new Gauge({
      name: 'alert_threader_records_apart',
      help: 'Records that hold up no others because they are set apart: work on them failed, a message of theirs could not be made, or their stored value can not be read.',
      labelNames: ['reason'],
      registers: [registry],
      async collect() {
        this.reset();
        const { apart } = delivery.status();
        for (const reason of REASONS) this.set({ reason }, apart.filter((one) => one.reason === reason).length);
        const unreadable = await within(clock, LIMIT_MS, store.unreadable(0)).catch(() => undefined);
        if (unreadable !== undefined) this.set({ reason: 'unreadable' }, unreadable.count);
      },
    });
  }
}
