import { AppLogger } from '../../src/logging/logger.js';

/** Keeps what was logged, for tests to look at. */
export class RecordingLogger extends AppLogger {
  readonly lines: { level: string; fields: object; message: string }[] = [];

  override debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }

  override info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  override warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  override error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }
}
