import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../support/eventually.js';
import { TempFolder } from '../../../support/temp-folder.js';
import { NEEDS_A_NODE } from '../../docs/needs-a-node.js';
import { decoded } from '../chart.js';
import type { Cluster } from './cluster.js';
import { describeCluster } from './describe-cluster.js';

const ROOT = join(__dirname, '../../../..');
const BLOCK = /^```sh\n([^]*?)^```$/gm;
/** A command with its continuation lines. */
const COMMAND = /^(?:.*\\\n)*.+/gm;
/** Of the file `tokens.yaml`. */
const TOKENS = /^```yaml\n(secrets:\n[^]*?)^```$/m;
const RESTART = /`(kubectl [^`]* ?rollout restart deployment\/alert-threader)`/;

/** The commands of a page that are about the cluster, in their order. */
const commandsOf = (page: string): string[] => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const all = [...text.matchAll(BLOCK)].flatMap(([, block = '']) => block.match(COMMAND) ?? []);
  return all.filter((it) => /^(helm|kubectl) /.test(it) && !NEEDS_A_NODE.test(it));
};

describeCluster('the manual', (cluster) => {
  let folder: TempFolder;
  beforeAll(() => {
    folder = new TempFolder(); // in the place of the repository, where `tokens.yaml` is to be
    for (const name of ['helm', 'config']) symlinkSync(join(ROOT, name), folder.file(name));
  });
  afterAll(() => {
    folder.remove();
  });
  const run = (command: string): Promise<string> => cluster().shell(command, folder.path);
  /** What the page says that the file holds. */
  const writeTokens = (page: string): void => {
    const [, text = ''] = TOKENS.exec(readFileSync(join(ROOT, page), 'utf8')) ?? [];
    writeFileSync(folder.file('tokens.yaml'), text.replaceAll('…', 'manual'));
  };
  const all = async (commands: readonly string[]): Promise<string[]> => {
    const said: string[] = [];
    for (const command of commands) said.push(await run(command));
    return said;
  };
  const secret = async (api: Cluster): Promise<Record<string, string>> =>
    decoded((await api.get('monitoring', 'secret/alert-threader'))?.data);

  it.each(['README.md', 'README.ko.md'])('%s: installs it, with the tokens of its file', async (page) => {
    writeTokens(page);
    const commands = commandsOf(page);
    expect(commands).toHaveLength(1);
    expect((await all(commands)).join('')).toContain('STATUS: deployed');
    expect(await secret(cluster())).toMatchObject({ SLACK_BOT_TOKEN: 'xoxb-manual', SLACK_APP_TOKEN: 'xapp-manual' });
    await run('helm uninstall alert-threader --namespace monitoring');
  });

  it('of the chart, and of who runs it: installs, reads, upgrades, goes back, restarts and removes it', async () => {
    const [install = '', read = '', upgrade = '', rollback = '', ...more] = commandsOf('helm/alert-threader/README.md');
    expect(more).toEqual([]);
    writeTokens('helm/alert-threader/README.md');
    expect(await run(install)).toContain('STATUS: deployed');
    const before = await secret(cluster());
    expect(await run(read)).toBe(before['WEBHOOK_TOKEN']);
    expect(await run(upgrade)).toContain('REVISION: 2');
    expect(await run(rollback)).toContain('Rollback was a success');
    expect(await secret(cluster())).toEqual(before);

    await run('kubectl config set-context --current --namespace monitoring');
    for (const page of ['helm/alert-threader/README.md', 'docs/operations.md']) {
      const [, restart = ''] = RESTART.exec(readFileSync(join(ROOT, page), 'utf8')) ?? [];
      // kubectl makes one a second
      const said = await eventually('a restart', () => run(restart));
      expect(said).toContain('deployment.apps/alert-threader restarted');
    }

    // a controller does that, once no pod uses the claim
    await run(`kubectl patch pvc alert-threader --patch '{"metadata":{"finalizers":null}}'`);
    // and this with the namespace
    await run('kubectl create serviceaccount default');
    const operations = commandsOf('docs/operations.md');
    expect(operations.map((it) => it.split(' ').slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining(['helm upgrade', 'helm rollback', 'helm uninstall']),
    );
    await all(operations);
    expect(await cluster().get('monitoring', 'deployment/alert-threader')).toBeUndefined();
    expect(await cluster().get('monitoring', 'pvc/alert-threader')).toBeUndefined();
  });
});
