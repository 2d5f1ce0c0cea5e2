import { decoded, Rendered } from '../chart.js';
import type { Manifest } from '../manifests.js';
import { describeCluster } from './describe-cluster.js';
import { Release } from './release.js';

const REDIS = { threadStore: 'redis', replicaCount: 2, secrets: { REDIS_URL: 'redis://redis:6379/0' } };

describeCluster('a release', (cluster) => {
  let count = 0;
  let release: Release;
  const another = (): Promise<Release> => Release.in(cluster(), `release-${(count += 1)}`);
  beforeEach(async () => {
    release = await another();
  });

  describe('without tokens', () => {
    it('has long ones generated, and others each time', async () => {
      const second = await another();
      for (const it of [release, second]) await it.install('minimal');
      const [one, two] = [await release.tokens(), await second.tokens()];
      for (const name of ['WEBHOOK_TOKEN', 'ADMIN_TOKEN']) {
        expect(one[name]).toMatch(/^[A-Za-z0-9]{40}$/);
        expect(one[name]).not.toBe(two[name]);
      }
      expect(one['WEBHOOK_TOKEN']).not.toBe(one['ADMIN_TOKEN']);
    });

    it('keeps them over upgrades, which restart nothing where nothing changed', async () => {
      await release.install('minimal');
      const tokens = await release.tokens();
      const before = (await release.deployment()).spec.template;
      await release.upgrade('minimal', { commonLabels: { team: 'platform' }, service: { port: 80 } });
      expect(await release.tokens()).toEqual(tokens);
      expect((await release.deployment()).spec.template).toEqual({
        ...before,
        metadata: { ...before.metadata, labels: { ...before.metadata.labels, team: 'platform' } },
      });
      await release.upgrade('minimal', { commonLabels: { team: 'platform' }, config: { RETENTION: '7d' } });
      expect(await release.tokens()).toEqual(tokens);
      expect((await release.deployment()).spec.template.metadata.annotations).not.toEqual(before.metadata.annotations);
      const preview = new Rendered(await release.preview('minimal'));
      expect(decoded(preview.one('Secret').data)).toEqual(tokens);
    });

    it('takes those that are given later, and keeps them when they are given no more', async () => {
      await release.install('minimal');
      const { ADMIN_TOKEN } = await release.tokens();
      await release.upgrade('minimal', { secrets: { WEBHOOK_TOKEN: 'ours' } });
      expect(await release.tokens()).toMatchObject({ WEBHOOK_TOKEN: 'ours', ADMIN_TOKEN });
      await release.upgrade('minimal');
      expect(await release.tokens()).toMatchObject({ WEBHOOK_TOKEN: 'ours', ADMIN_TOKEN });
    });

    it('loses those that it generated when another Secret takes their place', async () => {
      await release.install('minimal');
      const secrets = { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' };
      const own = release.upgrade('minimal', { existingSecret: 'r-alert-threader', secrets });
      await expect(own).rejects.toThrow(/copy that Secret to another name/);
      expect(await release.get('secret')).toBeDefined();
      await release.upgrade('minimal', { existingSecret: 'copied', secrets });
      expect(await release.get('secret')).toBeUndefined();
    });

    it('has none when nobody wants them', async () => {
      await release.install('minimal', { requireTokens: false });
      expect(Object.keys(await release.tokens())).toEqual(['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN']);
    });
  });

  describe('says in its notes', () => {
    it('how to read the tokens, and never shows them', async () => {
      const notes = await release.install('minimal');
      const tokens = await release.tokens();
      for (const name of ['WEBHOOK_TOKEN', 'ADMIN_TOKEN']) {
        const command = notes.split('\n').find((line) => line.includes(`{.data.${name}}`)) ?? '';
        expect(await cluster().shell(command)).toBe(tokens[name]);
      }
      expect(notes).toContain(`url: http://r-alert-threader.${release.namespace}:9009/alert`);
      expect(notes).not.toMatch(/WARNING|NOTE/);
      for (const token of Object.values(tokens)) expect(notes).not.toContain(token);
    });

    it('that everybody may send, that nothing is kept, and that there are no buttons', async () => {
      const notes = await release.install('file-empty-dir');
      expect(notes).toMatch(/WARNING: persistence.enabled is false\. When the pod goes/);
      expect(notes).toMatch(/WARNING: there is no WEBHOOK_TOKEN/);
      expect(notes).toMatch(/NOTE: without secrets.SLACK_APP_TOKEN/);
    });
  });

  describe('of a file store', () => {
    const claim = async (): Promise<Manifest['metadata'] | undefined> =>
      (await release.get('persistentvolumeclaim'))?.metadata;

    it('leaves its claim behind, and takes it up again', async () => {
      await release.install('minimal');
      const before = await claim();
      await release.uninstall();
      expect(await release.get('deployment')).toBeUndefined();
      expect(await release.get('secret')).toBeUndefined();
      expect(await claim()).toEqual(before);
      await release.install('minimal');
      expect((await claim())?.uid).toBe(before?.uid);
    });

    it('takes its claim with it when that is wanted', async () => {
      await release.install('minimal', { persistence: { keep: false } });
      expect((await claim())?.deletionTimestamp).toBeUndefined();
      await release.uninstall();
      // what removes it for good is a controller
      expect((await claim())?.deletionTimestamp).toBeDefined();
    });

    it.each([
      ['Redis', REDIS],
      ['another claim', { persistence: { existingClaim: 'other' } }],
      ['no claim', { persistence: { enabled: false } }],
    ])('that moves to %s loses a claim that is not kept, unless it was kept in an upgrade before', async (_, moved) => {
      const kept = await another();
      for (const it of [release, kept]) await it.install('minimal', { persistence: { keep: false } });
      await kept.upgrade('minimal');
      for (const it of [release, kept]) await it.upgrade('minimal', moved);
      expect((await claim())?.deletionTimestamp).toBeDefined();
      expect((await kept.get('persistentvolumeclaim'))?.metadata.deletionTimestamp).toBeUndefined();
    });

    it('moves to Redis and back: the claim stays, and so do the tokens', async () => {
      await release.install('minimal');
      const [before, tokens] = [await claim(), await release.tokens()];
      const file = (await release.deployment()).spec;
      await release.upgrade('minimal', REDIS);
      const redis = (await release.deployment()).spec;
      expect(redis.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
      expect(redis.replicas).toBe(2);
      expect(redis.template.spec.volumes).toBeUndefined();
      expect(await release.get('poddisruptionbudget')).toBeDefined();
      expect((await claim())?.uid).toBe(before?.uid);
      await release.upgrade('minimal');
      expect((await release.deployment()).spec).toEqual(file);
      expect(await release.get('poddisruptionbudget')).toBeUndefined();
      expect(await release.tokens()).toEqual(tokens);
      expect((await claim())?.uid).toBe(before?.uid);
      await release.rollback();
      expect((await release.deployment()).spec.strategy).toEqual(redis.strategy);
    });
  });

  it('leaves the number of pods to the autoscaler, over upgrades too', async () => {
    await release.install('redis-sentinel-autoscaling');
    const name = 'deployment/r-alert-threader';
    await cluster().kubectl(['--namespace', release.namespace, 'scale', '--replicas', '4', name]); // as it would
    await release.upgrade('redis-sentinel-autoscaling', { config: { RETENTION: '7d' } });
    expect((await release.deployment()).spec.replicas).toBe(4);
  });

  it('that is to be scraped needs the Prometheus Operator, and offers it where it is', async () => {
    const wanted = { serviceMonitor: { enabled: true } };
    await expect(release.install('minimal', wanted)).rejects.toThrow(
      /no matches for kind "ServiceMonitor"[^]*ensure CRDs are installed first/,
    );
    await cluster().addPrometheusOperator();
    const notes = await release.install('minimal');
    expect(notes).toMatch(/NOTE: this cluster has the Prometheus Operator[^]*set serviceMonitor\.enabled/);
    expect(await release.get('servicemonitor')).toBeUndefined();
    expect(await release.upgrade('minimal', wanted)).not.toContain('Prometheus Operator');
    expect(await release.get('servicemonitor')).toBeDefined();
    expect(await release.upgrade('minimal', { scrapeAnnotations: true })).not.toContain('Prometheus Operator');
    expect(await release.get('servicemonitor')).toBeUndefined();
  });
});
