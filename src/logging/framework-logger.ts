import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Nest's own lines. What it finds worth an info (each module and route at the start) is a debug line here. */
@Injectable()
export class FrameworkLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }
}
