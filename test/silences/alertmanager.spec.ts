import { incidentMatchers, type Matcher } from '../../src/domain/matcher.js';
import type { SilenceClient } from '../../src/silences/silence-client.js';
import { Alertmanager, ensureAlertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { clientOf, draft, failureOf, is } from './clients.js';

const NOBODY = '11111111-1111-4111-8111-111111111111';
const NO_WEBHOOKS = {
  url: 'http://127.0.0.1:9/alert',
  group_wait: '1h',
  group_interval: '1h',
  repeat_interval: '24h',
};

describe('silences in a real Alertmanager', () => {
  let alertmanager: Alertmanager;
  let client: SilenceClient;

  beforeAll(async () => {
    await ensureAlertmanager();
    alertmanager = await Alertmanager.start(NO_WEBHOOKS);
    client = clientOf('alertmanager', { ALERTMANAGER_URL: alertmanager.url });
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => alertmanager.stop());

  it('are made and read back', async () => {
    const wanted = draft({
      matchers: [
        is('alertname', 'Disk "full" \\ {a,b}\né'),
        is('service', ''),
        { name: 'instance', value: 'db\\d+', isRegex: true, isEqual: true },
        { name: 'env', value: 'dev|test', isRegex: true, isEqual: false },
        { name: 'team', value: 'x', isRegex: false, isEqual: false },
      ],
    });
    const id = await client.put(wanted);
    const made = await client.get(id);
    expect(made).toEqual({ ...wanted, id, state: 'active', startsAt: expect.any(Number) });
    expect(made?.startsAt).toBeGreaterThanOrEqual(wanted.startsAt);
    expect(await client.list()).toContainEqual(made);
  });

  it('are extended in place, by whoever comes later too', async () => {
    const first = draft({ matchers: [is('alertname', 'Extended')] });
    const id = await client.put(first);
    const later = draft({
      ...first,
      id,
      startsAt: Date.now() + 1_000,
      endsAt: first.endsAt + 60_000,
      createdBy: 'Ben',
    });
    expect(await client.put(later)).toBe(id);
    expect(await client.get(id)).toMatchObject({ state: 'active', endsAt: later.endsAt, createdBy: 'Ben' });
  });

  it('are made anew with other matchers', async () => {
    const id = await client.put(draft({ matchers: [is('alertname', 'Before')] }));
    const anew = await client.put(draft({ id, matchers: [is('alertname', 'After')] }));
    expect(anew).not.toBe(id);
    expect((await client.get(id))?.state).toBe('expired');
    expect(await client.get(anew)).toMatchObject({ state: 'active', matchers: [is('alertname', 'After')] });
  });

  it('may begin later', async () => {
    const startsAt = Date.now() + 600_000;
    const id = await client.put(draft({ startsAt }));
    expect(await client.get(id)).toMatchObject({ state: 'pending', startsAt });
    expect(await client.put(draft({ id, startsAt: startsAt + 60_000 }))).toBe(id);
  });

  it('end once, however often they are told to', async () => {
    const id = await client.put(draft());
    await client.expire(id);
    await client.expire(id);
    expect((await client.get(id))?.state).toBe('expired');
    const anew = await client.put(draft({ id }));
    expect(anew).not.toBe(id);
    await client.expire(anew);
  });

  it.each([NOBODY, 'no-uuid', '../status', ''])('are not there by the id %j', async (id) => {
    expect(await client.get(id)).toBeUndefined();
    await client.expire(id);
    const made = await client.put(draft({ id }));
    expect((await client.get(made))?.state).toBe('active');
    await client.expire(made);
  });

  it('are refused in the server’s words', async () => {
    const regex: Matcher = { name: 'a', value: '(', isRegex: true, isEqual: true };
    expect(await failureOf(client.put(draft({ matchers: [regex] })))).toMatchObject({
      kind: 'refused',
      code: 'http_400',
      message: expect.stringMatching(/^Alertmanager refused the silence: .*missing closing \): `\(`$/),
    });
    expect(await failureOf(client.put(draft({ matchers: [is('a', '')] })))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('at least one matcher must not match the empty string'),
    });
    expect(await failureOf(client.put(draft({ matchers: [] })))).toMatchObject({ kind: 'refused', code: 'http_422' });
    expect(await failureOf(client.put(draft({ endsAt: Date.now() - 1 })))).toMatchObject({ kind: 'refused' });
    expect(await failureOf(client.alerts([regex]))).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^Alertmanager refused the matchers: .*missing closing/),
    });
  });

  it('hold for every alert of an incident, which is still seen', async () => {
    const labels: Record<string, string>[] = [
      { alertname: 'Seen', severity: 'warning', service: 'a|b', instance: 'db 1 "x" \\ ü,{}' },
      { alertname: 'Seen', severity: 'warning', instance: 'db2' },
    ];
    await alertmanager.post(...labels.map((one) => ({ labels: one })), { labels: { ...labels[1], service: 'other' } });
    const matchers = incidentMatchers(
      labels.map((one) => ({ labels: one })),
      ['alertname', 'severity', 'service', 'cluster'],
    );
    const seen = async (): Promise<unknown[]> =>
      (await client.alerts(matchers)).map(({ labels, silencedBy }) => [labels['instance'], silencedBy]).sort();
    await alertmanager.until('the alerts', async () => (await client.alerts(matchers)).length === 2);
    expect(await seen()).toEqual([
      ['db 1 "x" \\ ü,{}', []],
      ['db2', []],
    ]);

    const id = await client.put(draft({ matchers }));
    expect(await seen()).toEqual([
      ['db 1 "x" \\ ü,{}', [id]],
      ['db2', [id]],
    ]);
    expect(await client.alerts([is('service', 'other')])).toMatchObject([{ silencedBy: [] }]);
    expect(await client.alerts([is('instance', 'db2'), is('service', '')])).toEqual([
      { fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), labels: labels[1], silencedBy: [id] },
    ]);
    expect(await client.alerts([is('alertname', 'Other')])).toEqual([]);
    expect((await client.alerts([])).length).toBeGreaterThanOrEqual(3);

    await client.expire(id);
    expect(await seen()).toEqual([
      ['db 1 "x" \\ ü,{}', []],
      ['db2', []],
    ]);
  });

  it('come from a server that says since when it is up', async () => {
    const startedAt = await client.startedAt();
    expect(startedAt).toBeLessThanOrEqual(Date.now());
    expect(startedAt).toBeGreaterThan(Date.now() - 300_000);
  });

  it('are asked for at the right address', async () => {
    const lost = clientOf('alertmanager', { ALERTMANAGER_URL: `${alertmanager.url}/nowhere` });
    const url = { kind: 'refused', code: 'http_404', message: expect.stringContaining('check ALERTMANAGER_URL') };
    for (const call of [
      () => lost.put(draft()),
      () => lost.get(NOBODY),
      () => lost.expire(NOBODY),
      () => lost.list(),
      () => lost.startedAt(),
    ]) {
      expect(await failureOf(call())).toMatchObject(url);
    }
  });
});
