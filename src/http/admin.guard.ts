import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../config/config.js';
import { parseAuthorization } from './authorization.js';
import { notLocal } from './loopback.js';
import { secretMatcher } from './secret-matcher.js';
import { tokenRefusal } from './token-refusal.js';

/** Lets through who may change or see state: who knows ADMIN_TOKEN; without one, this machine alone. */
@Injectable()
export class AdminGuard implements CanActivate {
  private readonly matches: ((given: string) => boolean) | undefined;

  constructor(config: Config) {
    this.matches = config.adminToken === null ? undefined : secretMatcher(config.adminToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const refusal = this.refusal(http.getRequest<Request>());
    if (refusal === undefined) return true;
    http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
    throw new UnauthorizedException(refusal);
  }

  private refusal(request: Request): string | undefined {
    if (this.matches === undefined) {
      const reason = notLocal(request);
      return (
        reason &&
        `set ADMIN_TOKEN and send it as "Authorization: Bearer …": without it this call answers requests made on this machine only, and ${reason}`
      );
    }
    const { authorization } = request.headers;
    const credentials = parseAuthorization(authorization);
    const given = credentials?.scheme === 'bearer' ? credentials : undefined;
    if (given !== undefined && this.matches(given.secret)) return undefined;
    return tokenRefusal('ADMIN_TOKEN', authorization, given, 'as "Authorization: Bearer …"');
  }
}
