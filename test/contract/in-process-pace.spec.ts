import { InProcessPace } from '../../src/delivery/in-process-pace.js';
import { ManualClock } from '../support/manual-clock.js';
import { paceContract } from './pace.contract.js';

paceContract('in process', (options) => {
  const clock = new ManualClock();
  const pace = new InProcessPace(clock, options);
  const pass = (ms: number): Promise<void> => clock.advance(ms, () => new Promise((resolve) => setImmediate(resolve)));
  return Promise.resolve({ pace, other: pace, pass, dispose: () => undefined });
});
