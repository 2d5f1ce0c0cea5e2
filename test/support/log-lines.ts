import { AppLogger } from '../../src/logging/logger.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines. */
export class LogLines extends AppLogger {
  readonly lines: LogLine[] = [];

  override debug(fields: object, message: string): void {
    this.keep('debug', fields, message);
  }

  override info(fields: object, message: string): void {
    this.keep('info', fields, message);
  }

  override warn(fields: object, message: string): void {
    this.keep('warn', fields, message);
  }

  override error(fields: object, message: string): void {
    this.keep('error', fields, message);
  }

  private keep(level: LogLine['level'], fields: object, message: string): void {
    this.lines.push({ level, message, fields: { ...fields } });
  }
}
