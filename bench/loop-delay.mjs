// Preloaded into a service under measurement: tells the longest delay of its event loop since the last question.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
process.on('message', (message) => {
  if (message !== 'loop-delay') return;
  process.send?.({ loopDelayMs: delays.max / 1e6 });
  delays.reset();
});
process.channel?.unref();
