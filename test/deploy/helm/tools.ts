import { goTool } from '../support/go-tool.js';

export interface HelmTools {
  readonly helm: string;
  readonly kubeconform: string;
}

/** Helm and kubeconform, compiled first where they are missing. Rejects with one line that says what to install. */
export const ensureHelm = async (): Promise<HelmTools> => ({
  helm: await goTool({ name: 'helm', module: 'helm.sh/helm/v3/cmd/helm', version: 'v3.22.0' }),
  kubeconform: await goTool({
    name: 'kubeconform',
    module: 'github.com/yannh/kubeconform/cmd/kubeconform',
    version: 'v0.8.0',
  }),
});
