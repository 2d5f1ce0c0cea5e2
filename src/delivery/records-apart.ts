import type { Clock } from '../clock/clock.js';
import type { AppLogger } from '../logging/logger.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';
import type { ApartReason, RecordApart } from './delivery.js';
import type { Work } from './delivery-queue.js';

/** A record set apart is tried again so much later, in milliseconds. */
export const APART_RETRY_MS = 60_000;
/** Records remembered; the longest known go first. One that is forgotten is found again by the next sweep. */
const MOST = 10_000;

const LOGGED: Readonly<Record<ApartReason, string>> = {
  failed: 'record set apart: its work failed, and is tried again every 60 s; other records go on',
  unmade: 'message of a record could not be made: a plain one says so, and its card is tried again every 60 s',
};

/** Whether the record itself is at fault, and not the store that it is in. */
export const isOfRecord = (error: unknown): boolean =>
  !(error instanceof StoreUnavailableError) || error.code === 'format';

interface Apart extends RecordApart {
  readonly work: Work;
  readonly retryAt: number;
}

/** Records that could not be planned, worked on or shown as a card, so that none of them holds up another. */
export class RecordsApart {
  private readonly records = new Map<string, Apart>();

  constructor(
    private readonly clock: Clock,
    private readonly logger: AppLogger,
  ) {}

  /** Logs a record the first time, and after that counts its tries. */
  failed(work: Work, reason: ApartReason, error: unknown): void {
    const now = this.clock.now();
    const { key, channel } = work;
    const code = codeOf(error);
    const before = this.records.get(work.id);
    if (before?.reason !== reason) this.logger.error({ threadKey: key, channel, code, err: error }, LOGGED[reason]);
    const { since = now, tries = 0 } = before ?? {};
    this.records.set(work.id, {
      work,
      key,
      channel,
      reason,
      code,
      since,
      tries: tries + 1,
      retryAt: now + APART_RETRY_MS,
    });
    if (this.records.size > MOST) this.records.delete(this.records.keys().next().value ?? '');
  }

  /** Nothing is left to do for the record. A message that could not be made, and is not made again, is told for a while. */
  settled({ id, key, channel }: Work): void {
    const apart = this.records.get(id);
    if (apart === undefined || (apart.reason === 'unmade' && apart.retryAt > this.clock.now())) return;
    this.records.delete(id);
    this.logger.info({ threadKey: key, channel }, 'record is no longer set apart');
  }

  /** Whether the record has to wait for its next try. One whose message could not be made goes on otherwise. */
  holds({ id }: Work): boolean {
    const apart = this.records.get(id);
    return apart?.reason === 'failed' && apart.retryAt > this.clock.now();
  }

  /** Records whose next try is due. */
  due(): Work[] {
    const now = this.clock.now();
    return [...this.records.values()].filter(({ retryAt }) => retryAt <= now).map(({ work }) => work);
  }

  get size(): number {
    return this.records.size;
  }

  /** The longest known first. */
  list(): readonly RecordApart[] {
    return Array.from(this.records.values(), ({ work: _w, retryAt: _r, ...apart }) => apart);
  }
}

const CODE = /^[\w.-]{1,60}$/;

/** What went wrong in one word: the error's code, or its kind. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && CODE.test(code)) return code;
  return CODE.test(error.name) ? error.name : 'Error';
};
