import { Delivery, type DeliveryStatus } from '../../src/delivery/delivery.js';

/** A delivery that does nothing and reports what it is told to. */
export class FakeDelivery extends Delivery {
  readonly woken: string[] = [];
  current: DeliveryStatus = { ready: 0, outages: [], apart: [], calls: {} };

  override wake(key: string, channel: string): void {
    this.woken.push(`${channel} ${key}`);
  }

  override threadShown(): Promise<string | null> {
    return Promise.resolve(null);
  }

  override status(): DeliveryStatus {
    return this.current;
  }
}
