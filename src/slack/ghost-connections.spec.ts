import { ManualClock } from '../../test/support/manual-clock.js';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { GhostWatch } from './ghost-connections.js';
import { SocketCensus } from './socket-census.js';

class Replicas extends SocketCensus {
  told: number[] = [];
  sockets: number | undefined = 2;

  override tell(own: number): void {
    this.told.push(own);
  }

  override others(): Promise<number | undefined> {
    return Promise.resolve(this.sockets);
  }

  override leave(): Promise<void> {
    return Promise.resolve();
  }
}

describe('connections of other replicas', () => {
  let clock: ManualClock;
  let logger: RecordingLogger;
  let census: Replicas;
  let ghosts: GhostWatch;

  beforeEach(() => {
    clock = new ManualClock();
    logger = new RecordingLogger();
    census = new Replicas();
    ghosts = new GhostWatch(clock, logger, census);
  });
  const settled = async (): Promise<void> => {
    await clock.advance(5_000);
    for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('are no ghosts', async () => {
    ghosts.hello(3, 1);
    await settled();
    expect(logger.lines).toEqual([]);
    expect(census.told).toEqual([1]);
  });

  it('are told from those that nobody knows', async () => {
    ghosts.hello(4, 1);
    await settled();
    expect(logger.lines.map(({ fields }) => fields)).toMatchObject([{ connections: 4, ours: 1, replicas: 2 }]);
  });

  it.each([
    { replica: 'left after the hello', before: 2, after: 1 },
    { replica: 'told of itself after the hello', before: 1, after: 2 },
  ])('are no ghosts when one $replica', async ({ before, after }) => {
    census.sockets = before;
    ghosts.hello(3, 1);
    census.sockets = after;
    await settled();
    expect(logger.lines).toEqual([]);
  });

  it('are not judged while nobody can be asked', async () => {
    census.sockets = undefined;
    ghosts.hello(4, 1);
    await settled();
    expect(logger.lines).toEqual([]);
  });
});
