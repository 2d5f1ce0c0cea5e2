import { decoded, helm, render, Rendered, type Values } from './chart.js';
import { describeHelm } from './describe-helm.js';
import { FakeCluster } from './fake-cluster.js';

describeHelm('generated tokens', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(() => cluster.stop());

  /** The Secret as an upgrade would write it. */
  const upgraded = async (values: Values = {}): Promise<Record<string, string>> => {
    const env = { KUBECONFIG: cluster.kubeconfig };
    const text = await helm(['template', 'r', '--dry-run=server'], 'minimal', {
      values,
      env,
      args: ['--kube-version', '1.34.4'],
    });
    return decoded(new Rendered(text).one('Secret').data);
  };
  const notes = async (scenario: string, values: Values = {}): Promise<string> => {
    const env = { KUBECONFIG: cluster.kubeconfig };
    const args = ['--dry-run=server', '--disable-openapi-validation', '--output', 'json'];
    const release = JSON.parse(await helm(['install', 'r'], scenario, { values, env, args })) as {
      info: { notes: string };
    };
    return release.info.notes;
  };

  it('are long, and others each time', async () => {
    const [one, two] = [await upgraded(), await upgraded()];
    for (const name of ['WEBHOOK_TOKEN', 'ADMIN_TOKEN']) {
      expect(one[name]).toMatch(/^[A-Za-z0-9]{40}$/);
      expect(one[name]).not.toBe(two[name]);
    }
    expect(one['WEBHOOK_TOKEN']).not.toBe(one['ADMIN_TOKEN']);
  });

  it('are kept by an upgrade', async () => {
    const first = await render('minimal');
    cluster.secrets.set('r-alert-threader', first.one('Secret').data ?? {});
    expect(await upgraded()).toEqual(decoded(first.one('Secret').data));
  });

  it('give way to those that are given', async () => {
    cluster.secrets.set('r-alert-threader', (await render('minimal')).one('Secret').data ?? {});
    expect(await upgraded({ secrets: { WEBHOOK_TOKEN: 'ours' } })).toMatchObject({ WEBHOOK_TOKEN: 'ours' });
  });

  it('are not made when nobody wants them', async () => {
    expect(Object.keys(await upgraded({ requireTokens: false }))).toEqual(['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']);
  });

  it('can be read as the notes say, which never show them', async () => {
    const text = await notes('minimal');
    expect(text).toContain("get secret r-alert-threader --output jsonpath='{.data.WEBHOOK_TOKEN}' | base64 --decode");
    expect(text).toContain('url: http://r-alert-threader.default:9009/alert');
    expect(text).not.toMatch(/WARNING|NOTE|xoxb-/);
  });

  it('are missed in the notes where everybody may send, and so is a claim', async () => {
    const text = await notes('file-empty-dir');
    expect(text).toMatch(/WARNING: persistence.enabled is false\. When the pod goes/);
    expect(text).toMatch(/WARNING: there is no WEBHOOK_TOKEN/);
    expect(text).toMatch(/NOTE: without secrets.SLACK_APP_TOKEN/);
  });
});
