import { Registry } from 'prom-client';
import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { alertOf, Story } from '../domain/domain.fixture.js';
import type { ThreadRecord } from '../domain/record.js';
import { IncidentMeters } from './incident-meters.js';
import { StoreMeters } from './store-meters.js';

it('does not fail a change that can not be measured, and says whose it is', () => {
  const registry = new Registry();
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const meters = new StoreMeters(registry, clock, new IncidentMeters(registry, clock), logger);
  const before = new Story().alert(0, alertOf('aa01')).record;
  const after = { ...before, current: { ...before.current, delivery: null } } as unknown as ThreadRecord;
  expect(() => {
    meters.changed(before, after);
  }).not.toThrow();
  expect(logger.lines).toMatchObject([{ level: 'error', fields: { threadKey: before.key } }]);
});
