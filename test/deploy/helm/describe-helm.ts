import { GO_INSTALL_TIMEOUT_MS } from '../support/go-tool.js';
import { ensureHelm } from './tools.js';

/** `describe` for tests that run Helm: installed first where it is missing, left out and said so with SKIP_HELM=1. */
export const describeHelm = (name: string, tests: () => void): void => {
  if (process.env['SKIP_HELM'] === '1') {
    process.stderr.write(`SKIP_HELM=1: not run: ${name}\n`);
    describe.skip(name, tests); // said above
    return;
  }
  describe(name, () => {
    beforeAll(ensureHelm, GO_INSTALL_TIMEOUT_MS);
    tests();
  });
};
