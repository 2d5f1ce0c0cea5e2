import { INSTALL_TIMEOUT_MS } from './debian-package.js';
import { ensureRedis } from './redis-server.js';

/** `describe` for tests against a real Redis: installed first where it is missing, left out and said so with SKIP_REDIS=1. */
export const describeRedis = (name: string, tests: () => void): void => {
  if (process.env['SKIP_REDIS'] === '1') {
    process.stderr.write(`SKIP_REDIS=1: not run: ${name}\n`);
    describe.skip(name, tests);
    return;
  }
  describe(name, () => {
    beforeAll(ensureRedis, INSTALL_TIMEOUT_MS);
    tests();
  });
};
