import { Inject, Injectable, Optional, UnauthorizedException, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Config } from '../config/config.js';
import { parseAuthorization } from '../http/authorization.js';
import { secretMatcher } from '../http/secret-matcher.js';
import { tokenRefusal } from '../http/token-refusal.js';
import { WebhookObserver } from './webhook-observer.js';

const HOW = 'as "Authorization: Bearer …", or as the password of basic authentication';

/**
 * Asks for WEBHOOK_TOKEN, as bearer token or as the password of basic authentication.
 * A middleware and no guard, so that a stranger's body is not even read.
 */
@Injectable()
export class WebhookAuth implements NestMiddleware {
  private readonly matches: (given: string) => boolean;

  constructor(
    { webhookToken }: Config,
    @Optional() @Inject(WebhookObserver) private readonly observer?: WebhookObserver,
  ) {
    this.matches = webhookToken === null ? () => true : secretMatcher(webhookToken);
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const { authorization } = request.headers;
    const given = parseAuthorization(authorization);
    if (!this.matches(given?.secret ?? '')) {
      this.observer?.answered(401);
      request.resume();
      response.setHeader('WWW-Authenticate', 'Bearer');
      throw new UnauthorizedException(tokenRefusal('WEBHOOK_TOKEN', authorization, given, HOW));
    }
    next();
  }
}
