import { HttpException, Inject, Injectable, Optional, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Clock } from '../clock/clock.js';
import { OperatorNotice } from '../delivery/operator-notice.js';
import { BodyBudget } from '../http/body-budget.js';
import { httpStatusOf } from '../http/http-status.js';
import { jsonBody } from '../http/json-body.js';
import { AppLogger } from '../logging/logger.js';
import { WebhookObserver } from './webhook-observer.js';

const HOUR = 3_600_000;
export const MAX_BODY_MB = 10;

/** Reads the webhook's body. One that is too large is also told to the operators, since the sender only drops it. */
@Injectable()
export class WebhookBody implements NestMiddleware {
  private readonly read: ReturnType<typeof jsonBody>;
  private toldAt = -Infinity;

  constructor(
    budget: BodyBudget,
    private readonly clock: Clock,
    private readonly notice: OperatorNotice,
    private readonly logger: AppLogger,
    @Optional() @Inject(WebhookObserver) private readonly observer?: WebhookObserver,
  ) {
    this.read = jsonBody({ budget, limitMb: MAX_BODY_MB });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    this.read(request, response, (error?: unknown) => {
      if (error !== undefined) this.observer?.answered(httpStatusOf(error));
      if (error instanceof HttpException && error.getStatus() === 413) this.tell();
      next(error);
    });
  }

  private tell(): void {
    const now = this.clock.monotonic();
    if (now - this.toldAt < HOUR) return;
    this.toldAt = now;
    const text =
      `A webhook of more than ${MAX_BODY_MB} MB was refused, and the alerts in it are not shown. ` +
      'Set max_alerts in the receiver, or group_by with more labels, to get smaller ones.';
    this.notice.say(text).catch((error: unknown) => {
      this.logger.error({ err: error }, 'notice of a refused webhook not posted');
    });
  }
}
