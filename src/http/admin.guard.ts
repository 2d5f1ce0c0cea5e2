import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../config/config.js';
import { excerpt } from '../domain/excerpt.js';
import { AppLogger } from '../logging/logger.js';
import { parseAuthorization } from './authorization.js';
import { notLocal } from './loopback.js';
import { secretMatcher } from './secret-matcher.js';
import { tokenRefusal } from './token-refusal.js';

const MAX_PATH = 100;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const UNPROTECTED = 'state changed without a token: set ADMIN_TOKEN where anybody else reaches this port';

/**
 * Lets through who may change or see state: who knows ADMIN_TOKEN; without one, this machine alone. A proxy on this
 * machine may look like this machine, so a change that needed no token is a warning in the log.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  private readonly matches: ((given: string) => boolean) | undefined;

  constructor(
    config: Config,
    private readonly logger: AppLogger,
  ) {
    this.matches = config.adminToken === null ? undefined : secretMatcher(config.adminToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const refusal = this.refusal(request);
    if (refusal === undefined) {
      if (this.matches === undefined && !READS.has(request.method)) this.warnOfChange(request, response);
      return true;
    }
    response.setHeader('WWW-Authenticate', 'Bearer');
    throw new UnauthorizedException(refusal);
  }

  /** Once it is answered: a call that was refused changed nothing. */
  private warnOfChange({ method, path }: Request, response: Response): void {
    response.once('close', () => {
      if (response.statusCode < 400) this.logger.warn({ method, path: excerpt(path, MAX_PATH) }, UNPROTECTED);
    });
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
