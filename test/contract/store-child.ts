/**
 * A process with a store of its own, for the tests of the lock: `store-child.ts <file> hold|write`. Says on its standard
 * output what happens, a line each: `open`, `refused <code> <message>`, `durable <n>`, `fatal <code>`.
 */
import { SystemClock } from '../../src/clock/clock.js';
import { FileThreadStore } from '../../src/thread-store/file-thread-store.js';
import { StoreUnavailableError } from '../../src/thread-store/thread-store.js';
import { CHANNEL, counted } from './records.js';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const [file = '', mode = 'hold'] = process.argv.slice(2);
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

try {
  const store = await FileThreadStore.open({
    file,
    defaultChannel: CHANNEL,
    clock: new SystemClock(),
    logger,
    lockTimes: { heartbeat: 20, watch: 1000 },
    onFatal: (error) => {
      say(`fatal ${error.code}`);
    },
  });
  say('open');
  process.stdin.resume(); // lives as long as its parent wants
  process.stdin.on('end', () => void store.close());
  while (mode === 'write') {
    const record = await store.update('counter', CHANNEL, counted);
    say(`durable ${record.adopt ?? ''}`);
  }
} catch (error) {
  say(`refused ${error instanceof StoreUnavailableError ? error.code : ''} ${String(error)}`);
}
