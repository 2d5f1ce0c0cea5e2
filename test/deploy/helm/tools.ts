import { goTool, type GoTool } from '../support/go-tool.js';

/** By major version. `HELM=4` runs the tests of the chart with Helm 4. */
const HELM: Readonly<Record<string, GoTool>> = {
  3: { name: 'helm', module: 'helm.sh/helm/v3/cmd/helm', version: 'v3.22.0' },
  4: { name: 'helm', module: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.1' },
};
const KUBECONFORM: GoTool = {
  name: 'kubeconform',
  module: 'github.com/yannh/kubeconform/cmd/kubeconform',
  version: 'v0.8.0',
};

export interface HelmTools {
  readonly helm: string;
  readonly kubeconform: string;
}

/** Helm and kubeconform, compiled first where they are missing. Rejects with one line that says what to install. */
export const ensureHelm = async (): Promise<HelmTools> => {
  const major = process.env['HELM'] ?? '3';
  const helm = HELM[major];
  if (helm === undefined) throw new Error(`HELM is ${major}, and may be ${Object.keys(HELM).join(' or ')}`);
  return { helm: await goTool(helm), kubeconform: await goTool(KUBECONFORM) };
};
