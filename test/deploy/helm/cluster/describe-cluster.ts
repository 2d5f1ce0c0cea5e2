import { GO_INSTALL_TIMEOUT_MS } from '../../support/go-tool.js';
import { ensureHelm } from '../tools.js';
import { Cluster, ensureCluster } from './cluster.js';
import { KUBERNETES_INSTALL_TIMEOUT_MS } from './kubernetes-tool.js';

/** A start takes 5 s, more on a busy machine. */
const START_TIMEOUT_MS = 120_000;

/**
 * `describe` for tests against a real Kubernetes API server, which starts once for all of them.
 * Its parts are compiled first where they are missing; left out and said so with SKIP_CLUSTER=1 or SKIP_HELM=1.
 */
export const describeCluster = (name: string, tests: (cluster: () => Cluster) => void): void => {
  const without = ['SKIP_CLUSTER', 'SKIP_HELM'].find((variable) => process.env[variable] === '1');
  if (without !== undefined) {
    process.stderr.write(`${without}=1: not run: ${name}\n`);
    describe.skip(name, () => {
      tests(missing);
    }); // said above
    return;
  }
  describe(name, () => {
    let cluster: Cluster | undefined;
    beforeAll(ensureHelm, GO_INSTALL_TIMEOUT_MS);
    beforeAll(ensureCluster, KUBERNETES_INSTALL_TIMEOUT_MS);
    beforeAll(async () => (cluster = await Cluster.start()), START_TIMEOUT_MS);
    afterAll(() => cluster?.stop());
    tests(() => cluster ?? missing());
  });
};

const missing = (): never => {
  throw new Error('there is no cluster');
};
