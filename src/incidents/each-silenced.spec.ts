import { RecordingLogger } from '../../test/support/recording-logger.js';
import { alertOf, Story } from '../domain/domain.fixture.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import { EachSilenced } from './each-silenced.js';

const { record, thread } = new Story().alert(0, alertOf('aa01'));

it('goes on after a thread with which something is wrong, and tells of it once', async () => {
  const logger = new RecordingLogger();
  const each = new EachSilenced(logger);
  for (let n = 0; n < 3; n++) {
    await each.attempt({ record, thread }, () => {
      throw new TypeError('a bug');
    });
  }
  expect(logger.lines.map(({ fields }) => fields)).toEqual([
    expect.objectContaining({ threadKey: record.key, incidentId: thread.incident.id }),
  ]);
});

it('passes on that the store is away', async () => {
  const away = new StoreUnavailableError('away', 'ECONNREFUSED');
  const each = new EachSilenced(new RecordingLogger());
  await expect(each.attempt({ record, thread }, () => Promise.reject(away))).rejects.toBe(away);
});
