/** Structured logging: a constant message and fields. pino's loggers fit. Never a token, never a message's text. */
export abstract class AppLogger {
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
}
