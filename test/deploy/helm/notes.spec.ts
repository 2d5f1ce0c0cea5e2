import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { TempFolder } from '../../support/temp-folder.js';
import { CHART, helm, KUBE_VERSION, type Values } from './chart.js';
import { describeHelm } from './describe-helm.js';

describeHelm('the notes of the chart', () => {
  let folder: TempFolder;

  beforeEach(() => {
    // `helm template` leaves the notes out, and `helm install` needs a cluster: here they are an object of the chart
    folder = new TempFolder();
    const templates = folder.file('chart/templates');
    cpSync(CHART, folder.file('chart'), { recursive: true });
    const notes = readFileSync(`${templates}/NOTES.txt`, 'utf8');
    rmSync(`${templates}/NOTES.txt`);
    writeFileSync(`${templates}/_notes.tpl`, `{{ define "notes" }}${notes}{{ end }}`);
    writeFileSync(`${templates}/notes.yaml`, 'notes: {{ include "notes" . | toJson }}\n');
  });
  afterEach(() => {
    folder.remove();
  });

  const notes = async (scenario: string, values: Values = {}): Promise<string> => {
    const args = ['--show-only', 'templates/notes.yaml', '--kube-version', KUBE_VERSION];
    const text = await helm(['template', 'r'], scenario, { values, args, chart: folder.file('chart') });
    return (load(text) as { notes: string }).notes;
  };

  const EVERYBODY = /WARNING: networkPolicy\.enabled is true and networkPolicy\.from is empty/;
  const NO_ADMIN = /WARNING: there is no ADMIN_TOKEN/;

  it('say that a network policy without senders lets everybody in', async () => {
    expect(await notes('redis-cluster-existing-secret')).toMatch(EVERYBODY);
    expect(await notes('ingress-networkpolicy')).not.toMatch(EVERYBODY);
    expect(await notes('ingress-networkpolicy', { networkPolicy: { from: [] } })).toMatch(EVERYBODY);
    expect(await notes('minimal')).not.toMatch(EVERYBODY);
  });

  it('say that without an ADMIN_TOKEN a proxy in the pod makes everybody local', async () => {
    expect(await notes('file-empty-dir')).toMatch(NO_ADMIN);
    expect(await notes('file-empty-dir', { secrets: { ADMIN_TOKEN: 'a' } })).not.toMatch(NO_ADMIN);
    expect(await notes('minimal')).not.toMatch(NO_ADMIN);
  });

  it('say how both tokens are read', async () => {
    const text = await notes('minimal');
    for (const name of ['WEBHOOK_TOKEN', 'ADMIN_TOKEN']) expect(text).toContain(`'{.data.${name}}' | base64 --decode`);
  });
});
