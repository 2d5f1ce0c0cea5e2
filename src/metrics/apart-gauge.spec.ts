import { Registry } from 'prom-client';
import { FakeDelivery } from '../../test/support/fake-delivery.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { StoreUnavailableError, type ThreadStore, type UnreadableRecords } from '../thread-store/thread-store.js';
import { ApartGauge } from './apart-gauge.js';

it('counts records apart by reason; what the store can not say is absent', async () => {
  const registry = new Registry();
  const delivery = new FakeDelivery();
  let unreadable = (): Promise<UnreadableRecords> => Promise.resolve({ count: 3, records: [] });
  new ApartGauge(registry, delivery, { unreadable: () => unreadable() } as unknown as ThreadStore, new ManualClock());
  const shown = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  const one = { key: 'key', channel: 'C0123456789', reason: 'unmade', since: 0, code: 'TypeError', tries: 1 } as const;
  delivery.current = { ...delivery.current, apart: [one, one] };
  expect(await shown()).toEqual([
    'alert_threader_records_apart{reason="failed"} 0',
    'alert_threader_records_apart{reason="unmade"} 2',
    'alert_threader_records_apart{reason="unreadable"} 3',
  ]);
  unreadable = () => Promise.reject(new StoreUnavailableError('away', 'ECONNREFUSED'));
  expect(await shown()).toEqual([
    'alert_threader_records_apart{reason="failed"} 0',
    'alert_threader_records_apart{reason="unmade"} 2',
  ]);
});
