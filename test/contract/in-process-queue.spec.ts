import { InProcessPace } from '../../src/delivery/in-process-pace.js';
import { InProcessQueue } from '../../src/delivery/in-process-queue.js';
import { ManualClock } from '../support/manual-clock.js';
import { deliveryQueueContract, QUEUE_PACE } from './delivery-queue.contract.js';

deliveryQueueContract('with a pace of its own', () => {
  const clock = new ManualClock();
  const queue = new InProcessQueue(clock, new InProcessPace(clock, QUEUE_PACE));
  const pass = (ms: number): Promise<void> => clock.advance(ms, () => new Promise((resolve) => setImmediate(resolve)));
  return Promise.resolve({ queue, clock, pass, dispose: () => undefined });
});
