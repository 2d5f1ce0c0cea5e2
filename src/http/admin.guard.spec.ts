import { Controller, Delete, Get, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { startHttpApp } from '../../test/support/http-app.js';
import { AdminGuard } from './admin.guard.js';
import { notLocal } from './loopback.js';

@Controller('guarded')
@UseGuards(AdminGuard)
class GuardedController {
  @Get()
  read(): object {
    return { ok: true };
  }

  @Delete()
  change(): object {
    return { ok: true };
  }
}

describe('AdminGuard', () => {
  let app: NestExpressApplication;
  const start = async (ADMIN_TOKEN?: string): Promise<void> => {
    ({ app } = await startHttpApp({ controllers: [GuardedController] }, { ADMIN_TOKEN }));
  };
  const call = (headers: Record<string, string> = {}): request.Test =>
    request(app.getHttpServer()).delete('/guarded').set(headers);

  afterEach(() => app.close());

  describe('without ADMIN_TOKEN', () => {
    beforeEach(() => start());

    it.each<Record<string, string>>([
      {},
      { Host: 'localhost:9009' },
      { Host: 'LOCALHOST' },
      { Host: '[::1]:9009' },
      { Host: '127.0.0.5' },
      { 'Content-Type': 'application/json', 'Content-Length': '2' },
    ])('answers this machine: %j', async (headers) => {
      await ('Content-Length' in headers ? call(headers).send('{}') : call(headers)).expect(200);
    });

    it.each<[string, Record<string, string>]>([
      ['Host header names another machine', { Host: 'threader.example.com' }],
      ['Host header names another machine', { Host: 'localhost.evil.example' }],
      ['Host header names another machine', { Host: '127.0.0.1.evil.example' }],
      ['a web page made it', { Origin: 'http://localhost:9009' }],
      ['a web page made it', { Origin: 'null' }],
      ['x-forwarded-for', { 'X-Forwarded-For': '127.0.0.1' }],
      ['x-forwarded-proto', { 'X-Forwarded-Proto': 'https' }],
      ['forwarded', { Forwarded: 'for=127.0.0.1' }],
      ['via', { Via: '1.1 proxy' }],
    ])('refuses a request: %s (%j)', async (reason, headers) => {
      const { body } = await call(headers).expect(401);
      expect(body).toEqual({ ok: false, error: expect.stringContaining('set ADMIN_TOKEN'), statusCode: 401 });
      expect(body.error).toContain(reason);
    });

    it('refuses a body that is not JSON', async () => {
      const { body } = await call({ 'Content-Type': 'text/plain' }).send('x').expect(401);
      expect(body.error).toContain('its body is not application/json');
    });

    it.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '::', '', undefined])(
      'refuses the address %s',
      (remoteAddress) => {
        const headers = { host: 'localhost' };
        expect(notLocal({ headers, socket: { remoteAddress } } as never)).toBe('it comes from another machine');
      },
    );

    it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('takes the address %s', (remoteAddress) => {
      expect(notLocal({ headers: { host: 'localhost' }, socket: { remoteAddress } } as never)).toBeUndefined();
    });
  });

  describe('with ADMIN_TOKEN', () => {
    beforeEach(() => start('adm-1'));

    it('takes it from anywhere', async () => {
      const headers = { Authorization: 'Bearer adm-1', Host: 'threader.example.com', 'X-Forwarded-For': '10.0.0.1' };
      await call(headers).expect(200, { ok: true });
    });

    const MISSING = 'no token was sent';
    const WRONG = 'the token that was sent is another one';
    const UNREADABLE = 'the Authorization header has another form';

    it.each<[string, Record<string, string>]>([
      [MISSING, {}],
      [WRONG, { Authorization: 'Bearer adm-2' }],
      [WRONG, { Authorization: 'Bearer adm-11' }],
      [UNREADABLE, { Authorization: `Basic ${Buffer.from('x:adm-1').toString('base64')}` }],
      [UNREADABLE, { Authorization: 'adm-1' }],
    ])('refuses, since %s: %j, from this machine too', async (reason, headers) => {
      const { body, headers: answered } = await call(headers).expect(401);
      expect(body.error).toBe(`${reason}: send the value of ADMIN_TOKEN as "Authorization: Bearer …"`);
      expect(answered['www-authenticate']).toBe('Bearer');
    });
  });
});
