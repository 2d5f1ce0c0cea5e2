import { writeFileSync } from 'node:fs';
import { TempFolder } from '../../support/temp-folder.js';
import { describeCluster } from '../helm/cluster/describe-cluster.js';
import { ALL_COMMANDS, oneByOne } from './commands.js';
import { readMarkdown } from './markdown.js';

const NAMESPACE = 'monitoring';
/** What needs a node, which the API server alone has not; test/deploy/helm/rendered-service.spec.ts runs the pods' commands. */
const NEEDS_A_NODE = /^(helm test|kubectl .*\b(logs|port-forward)) /;
/** The other manual's commands; test/deploy/helm/cluster/release.spec.ts runs them. */
const CHART = 'helm/alert-threader/README.md';

const COMMANDS = ALL_COMMANDS.filter(({ document }) => document !== CHART)
  .flatMap(({ text }) => oneByOne(text))
  .filter((command) => /^(helm|kubectl) \S+ /.test(command));

const only = (pattern: RegExp): string => {
  const found = [...new Set(COMMANDS.filter((command) => pattern.test(command)))];
  if (found.length !== 1) throw new Error(`expected one command ${String(pattern)}, found ${found.join('\n')}`);
  return found[0] ?? '';
};

describeCluster('commands of the documents for Kubernetes', (cluster) => {
  const folder = new TempFolder();
  const shell = (command: string): Promise<string> =>
    cluster().shell(command.replace('tokens.yaml', folder.file('tokens.yaml')));

  beforeAll(async () => {
    await cluster().addNamespace(NAMESPACE);
    await cluster().shell(`kubectl config set-context --current --namespace ${NAMESPACE}`);
    const [example] = readMarkdown('README.md').blocks.filter(({ text }) => text.startsWith('secrets:'));
    writeFileSync(folder.file('tokens.yaml'), example?.text.replaceAll('…', '1-manual') ?? '');
  });
  afterAll(() => {
    folder.remove();
  });

  it('install, restart, upgrade, roll back and remove', async () => {
    expect(await shell(only(/^helm install/))).toContain('STATUS: deployed');
    const secret = await cluster().get<{ data: Record<string, string> }>(NAMESPACE, 'secret/alert-threader');
    const token = Buffer.from(secret?.data['SLACK_BOT_TOKEN'] ?? '', 'base64').toString();
    expect(token).toBe('xoxb-1-manual');
    expect(await shell(only(/rollout restart/))).toContain('deployment.apps/alert-threader restarted');

    expect(await shell(only(/^helm upgrade/))).toContain('REVISION: 2');
    expect(await shell(only(/^helm rollback/))).toContain('Rollback was a success');
    expect(await shell(only(/^helm uninstall/))).toContain('uninstalled');
    expect(await cluster().get(NAMESPACE, 'persistentvolumeclaim/alert-threader')).toBeDefined();
    // what removes a claim for good is a controller, for which kubectl would wait
    const removal = `${only(/delete persistentvolumeclaim/)} --wait=false`;
    expect(await shell(removal)).toContain('persistentvolumeclaim "alert-threader" deleted');
  });

  it('are all of these', () => {
    const known =
      /^(helm (install|upgrade|rollback|uninstall)|kubectl .*(rollout restart|delete persistentvolumeclaim)) /;
    expect(COMMANDS.filter((command) => !known.test(command) && !NEEDS_A_NODE.test(command))).toEqual([]);
  });

  it('name objects of the chart where they need a node', async () => {
    const words = COMMANDS.filter((command) => NEEDS_A_NODE.test(command)).flatMap((command) => command.split(/\s/));
    const objects = [...new Set(words.filter((word) => /^(deployment|service)\//.test(word)))];
    expect(objects.sort()).toEqual(['deployment/alert-threader', 'service/alert-threader']);
    await shell(only(/^helm install/));
    for (const object of objects) expect(await cluster().get(NAMESPACE, object)).toBeDefined();
  });
});
