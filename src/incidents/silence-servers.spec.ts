import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { SilenceError, Silences, type SilenceClient } from '../silences/silence-client.js';
import { SilenceServers } from './silence-servers.js';

/** Nothing of it is called: each question here answers by itself. */
const NOBODY = {} as SilenceClient;

class Configured extends Silences {
  override of(): SilenceClient {
    return NOBODY;
  }
}

describe('SilenceServers', () => {
  const clock = new ManualClock();
  let servers: SilenceServers;
  let asked: number;
  beforeEach(() => {
    servers = new SilenceServers(new Configured(), new RecordingLogger(), clock);
    asked = 0;
  });

  const ask = (
    error?: SilenceError,
    server: 'alertmanager' | 'grafana' = 'alertmanager',
  ): Promise<string | undefined> =>
    servers.ask(server, () => {
      asked += 1;
      return error === undefined ? Promise.resolve('yes') : Promise.reject(error);
    });

  it.each([
    ['can not be reached', new SilenceError('unavailable', 'ECONNREFUSED', '')],
    ['does not answer in time', new SilenceError('ambiguous', 'time_out', '')],
  ])('a server that %s is asked once a round, and holds up no other one', async (_what, error) => {
    for (let incidents = 0; incidents < 100; incidents++) expect(await ask(error)).toBeUndefined();
    expect(asked).toBe(1);
    expect(await ask(undefined, 'grafana')).toBe('yes');
    await clock.advance(5_000);
    expect(await ask()).toBe('yes');
    expect(await ask()).toBe('yes');
  });

  it('a server that refuses one question is asked the next one', async () => {
    expect(await ask(new SilenceError('refused', 'http_400', 'bad matcher'))).toBeUndefined();
    expect(await ask()).toBe('yes');
  });
});
