import { Injectable } from '@nestjs/common';
import { AppLogger } from '../logging/logger.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import type { SilencedThread } from './silenced-thread.js';

/** Records remembered as told of. */
const MOST = 10_000;

/** Looks after silenced threads so that one with which something is wrong keeps no other from its turn. */
@Injectable()
export class EachSilenced {
  private readonly told = new Set<string>();

  constructor(private readonly logger: AppLogger) {}

  /** A failure is logged once for each incident. @throws {StoreUnavailableError} the others would fail as well */
  async attempt({ record, thread }: SilencedThread, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      const { key, channel } = record;
      const { id } = thread.incident;
      if (this.told.has(id)) return;
      if (this.told.size >= MOST) this.told.clear();
      this.told.add(id);
      const fields = { threadKey: key, channel, incidentId: id };
      this.logger.error({ ...fields, err: error }, 'silence of an incident not looked after: tried again all the time');
    }
  }
}
