/** The part of a pino logger that a store needs: constant messages, facts as fields. */
export interface StoreLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
