import { setImmediate as turn } from 'node:timers/promises';
import { readPart, writeAll, type Disk } from './disk.js';
import type { GroupCommit } from './group-commit.js';
import type { History, HistoryEntry } from './history.js';
import type { Journal } from './journal.js';
import { LineBuffer } from './line-buffer.js';
import { HEADER, recordLine, rowsLine } from './lines.js';
import { openFile, type OpenFile } from './open-file.js';
import type { RecordTable } from './record-table.js';
import type { RollTable } from './roll-table.js';

export interface CompactionJob {
  readonly path: string;
  readonly disk: Disk;
  readonly journal: Journal;
  readonly commits: GroupCommit;
  readonly table: RecordTable;
  readonly history: History;
  readonly rolls: RollTable;
  /** Throws when nothing may be written any more. */
  readonly guard: () => void;
  /** Asked between steps: a commit failed, or the store closes. */
  readonly abandoned: () => boolean;
}

export const COMPACT_FILE = '.compact.tmp';
/** Bytes written at a time: about a millisecond of work. */
const SLICE = 256 * 1024;
/** Rows in one line. */
const ROWS = 4_000;
/** So much may be left to copy while no commit runs. */
const REST = 64 * 1024;

/** Given up without harm: the file stays as it was. */
export class CompactionAbandoned extends Error {
  override readonly name = 'CompactionAbandoned';
}

/**
 * Writes what still counts into a new file and puts it in the place of the old one, while commits go on. First comes
 * memory without the changes that wait for their commit to begin, then everything that was appended to the old file
 * since the start: a line may stand there twice, but the newest one always comes last. Only the last few lines are
 * copied between two commits.
 */
export const compact = async (job: CompactionJob): Promise<void> => {
  const temporary = job.path + COMPACT_FILE;
  await job.disk.remove(temporary);
  const file = await openFile(job.disk, temporary, 'ax+');
  try {
    await new Compaction(job, file).run(temporary);
  } catch (error) {
    await file.handle.close();
    await job.disk.remove(temporary);
    throw error;
  }
};

class Compaction {
  private readonly buffer = new LineBuffer();
  /** How much of the new file is written. */
  private written = 0;
  /** New places of the history, taken up when the files are switched. */
  private readonly moved: { readonly entry: HistoryEntry; readonly offset: number }[] = [];
  private readonly old: OpenFile;

  constructor(
    private readonly job: CompactionJob,
    private readonly file: OpenFile,
  ) {
    this.old = job.journal.file;
  }

  async run(temporary: string): Promise<void> {
    const { journal, commits, disk, path } = this.job;
    // Memory holds everything before this point, and what is changed later is appended after it. A change whose commit
    // has not begun is left out: that commit may come after the switch, and fail.
    const from = journal.end;
    this.buffer.add(HEADER);
    await this.copyRecords();
    await this.copyHistory(from);
    await this.flush();
    const tail = this.written;
    let copied = from;
    const copyUpTo = async (end: number): Promise<void> => {
      while (copied < end) copied += await this.copyRange(copied, Math.min(end - copied, SLICE));
    };
    for (let round = 0; round < 20 && journal.end - copied > REST; round++) await copyUpTo(journal.end);
    await this.file.handle.datasync();
    await commits.exclusive(async () => {
      this.check();
      await copyUpTo(journal.end);
      await this.takeBackWaitingRows();
      await this.file.handle.datasync();
      this.check();
      if (!journal.unchanged()) throw new CompactionAbandoned('the file was changed by someone else');
      this.job.guard();
      await disk.rename(temporary, path);
      this.takeUp(from, tail);
      await journal.switchTo(this.file, this.written);
    });
  }

  private check(): void {
    if (this.job.abandoned()) throw new CompactionAbandoned('a commit failed or the store closes');
    if (this.job.journal.changed) throw new CompactionAbandoned('the file was changed by someone else');
  }

  private async copyRecords(): Promise<void> {
    for (const slot of this.job.table.slots()) {
      const record = slot.write === undefined ? slot.record : slot.write.before;
      if (record === undefined) continue;
      this.buffer.add(recordLine(record));
      if (record.current !== null) await this.copyRoll(record.current.incident.id);
      if (this.buffer.length >= SLICE) await this.flush();
    }
  }

  private async copyRoll(incidentId: string): Promise<void> {
    const roll = this.job.rolls.of(incidentId);
    for (let from: number | undefined = 0; roll !== undefined && from !== undefined;) {
      const { rows, next }: ReturnType<typeof roll.page> = roll.page(from, ROWS);
      if (rows.length > 0) this.buffer.add(rowsLine([[incidentId, rows]]));
      from = next;
      if (this.buffer.length >= SLICE) await this.flush();
    }
  }

  /** Rows were copied as memory has them, also those of changes whose commit has not begun. */
  private async takeBackWaitingRows(): Promise<void> {
    for (const { write } of this.job.table.slots()) {
      if (write !== undefined && write.rowsBefore.length > 0) this.buffer.add(rowsLine(write.rowsBefore));
    }
    await this.flush();
  }

  /** Copies the history's lines as they are, reading a window at a time. */
  private async copyHistory(before: number): Promise<void> {
    const entries = [...this.job.history.durable()]
      .filter((entry) => entry.file === this.old && entry.offset < before)
      .sort((a, b) => a.offset - b.offset);
    for (let at = 0; at < entries.length;) {
      const start = entries[at]?.offset ?? 0;
      const window = await readPart(this.old.handle, start, Math.max(SLICE, (entries[at]?.length ?? 0) + 1));
      for (let entry = entries[at]; entry !== undefined; entry = entries[++at]) {
        const begin = entry.offset - start;
        if (begin + entry.length > window.length) break;
        this.moved.push({ entry, offset: this.written + this.buffer.length });
        this.buffer.addBytes(window.subarray(begin, begin + entry.length));
      }
      await this.flush();
    }
  }

  private async copyRange(offset: number, length: number): Promise<number> {
    const bytes = await readPart(this.old.handle, offset, length);
    if (bytes.length === 0) throw new CompactionAbandoned('the file was cut by someone else');
    await writeAll(this.file.handle, bytes);
    this.written += bytes.length;
    this.check();
    return bytes.length;
  }

  private async flush(): Promise<void> {
    await writeAll(this.file.handle, this.buffer.content());
    this.written += this.buffer.length;
    this.buffer.clear();
    await turn();
    this.check();
  }

  /** The history is read from the new file from now on. */
  private takeUp(from: number, tail: number): void {
    for (const { entry, offset } of this.moved) {
      entry.file = this.file;
      entry.offset = offset;
    }
    for (const entry of this.job.history.durable()) {
      if (entry.file !== this.old) continue;
      entry.file = this.file;
      entry.offset += tail - from;
    }
  }
}
