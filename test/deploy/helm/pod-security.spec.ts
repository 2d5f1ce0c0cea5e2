import { render, SCENARIOS } from './chart.js';
import { describeHelm } from './describe-helm.js';

describeHelm('Pod Security "restricted"', () => {
  it.each(SCENARIOS)('%s: every pod and container', async (scenario) => {
    const { pods } = await render(scenario);
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          fsGroup: 65532,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(Object.keys(pod)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^host|initContainers/)]));
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
      // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
      const allowed = ['configMap', 'emptyDir', 'persistentVolumeClaim', 'secret'];
      for (const { name: _name, ...source } of pod.volumes ?? []) expect(allowed).toContain(Object.keys(source)[0]);
    }
  });

  it('the service account has no token either', async () => {
    const { objects } = await render('minimal');
    expect(objects.find(({ kind }) => kind === 'ServiceAccount')).toMatchObject({
      automountServiceAccountToken: false,
    });
  });

  it("OpenShift's own ids can take the place of ours", async () => {
    const podSecurityContext = { runAsUser: null, runAsGroup: null, fsGroup: null };
    const { pods } = await render('minimal', { podSecurityContext });
    for (const pod of pods) {
      expect(Object.keys(pod.securityContext).sort()).toEqual([
        'fsGroupChangePolicy',
        'runAsNonRoot',
        'seccompProfile',
      ]);
    }
  });
});
