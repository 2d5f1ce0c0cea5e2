import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ConflictException, Controller, Delete, Get, Post, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { eventually } from '../../test/support/eventually.js';
import { startHttpApp } from '../../test/support/http-app.js';
import type { LogLine, LogLines } from '../../test/support/log-lines.js';
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

  @Post()
  refuse(): object {
    throw new ConflictException('it is in another state');
  }
}

/** What a proxy of this name adds to a request, as set up without thought or as its manual shows. */
const PROXIES: readonly (readonly [string, Record<string, string>])[] = [
  ['a standard proxy', { Via: '1.1 proxy' }],
  ['a standard proxy', { Forwarded: 'for=127.0.0.1' }],
  ['a proxy', { 'X-Forwarded-For': '127.0.0.1' }],
  ['a proxy', { 'X-Forwarded-Proto': 'https' }],
  ['a proxy', { 'X-Forwarded': 'for=127.0.0.1' }],
  ['a proxy', { 'Forwarded-For': '127.0.0.1' }],
  ['a client that was told to use a proxy', { 'Proxy-Connection': 'Keep-Alive' }],
  ['nginx, as many manuals show it', { 'X-Real-IP': '203.0.113.7' }],
  ['nginx ingress', { 'X-Request-ID': '4bf92f3577b34da6a3ce929d0e0e4736' }],
  ['nginx ingress', { 'X-Original-Forwarded-For': '203.0.113.7' }],
  ['nginx ingress', { 'X-Original-URI': '/cache' }],
  ['nginx ingress', { 'X-Scheme': 'https' }],
  ['IIS', { 'X-Original-URL': '/cache' }],
  ['IIS', { 'X-ARR-LOG-ID': '1' }],
  ['Cloudflare', { 'CF-Connecting-IP': '203.0.113.7' }],
  ['Cloudflare', { 'CF-Ray': '230b030023ae2822-SJC' }],
  ['a content network', { 'CDN-Loop': 'cloudflare' }],
  ['Akamai', { 'True-Client-IP': '203.0.113.7' }],
  ['Akamai', { 'Akamai-Origin-Hop': '1' }],
  ['Fastly', { 'Fastly-Client-IP': '203.0.113.7' }],
  ['a load balancer', { 'X-Client-IP': '203.0.113.7' }],
  ['a load balancer', { 'X-Cluster-Client-IP': '203.0.113.7' }],
  ['Amazon', { 'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678' }],
  ['Azure', { 'X-Azure-ClientIP': '203.0.113.7' }],
  ['Google', { 'X-Cloud-Trace-Context': '105445aa7843bc8bf206b12000100000/1' }],
  ['Envoy', { 'X-Envoy-External-Address': '203.0.113.7' }],
  ['a service mesh', { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }],
  ['WebLogic', { 'WL-Proxy-Client-IP': '203.0.113.7' }],
  ['Plesk', { 'X-ProxyUser-Ip': '203.0.113.7' }],
  ['a proxy that nobody here has heard of', { 'X-Anything': '1' }],
];

/** What a request of each client has beside Host, in its newest version. */
const CLIENTS: readonly (readonly [string, Record<string, string>])[] = [
  ['curl', { 'User-Agent': 'curl/8.14.1', Accept: '*/*' }],
  ['wget', { 'User-Agent': 'Wget/1.25.0', Accept: '*/*', 'Accept-Encoding': 'identity', Connection: 'Keep-Alive' }],
  ["Node's fetch", { 'Accept-Language': '*', 'Sec-Fetch-Mode': 'cors', 'Accept-Encoding': 'gzip, deflate' }],
  ['Python', { 'User-Agent': 'python-requests/2.32.4', Accept: '*/*', Connection: 'keep-alive' }],
  [
    'a browser that opens an address',
    {
      'User-Agent': 'Mozilla/5.0',
      'Sec-CH-UA-Platform': '"Linux"',
      'Sec-Fetch-Site': 'none',
      'Sec-GPC': '1',
      'Upgrade-Insecure-Requests': '1',
      'Cache-Control': 'max-age=0',
      'If-None-Match': 'W/"1"',
      Cookie: 'another-server=1',
      DNT: '1',
      Priority: 'u=0, i',
    },
  ],
];

describe('AdminGuard', () => {
  let app: NestExpressApplication;
  let log: LogLines;
  const start = async (ADMIN_TOKEN?: string): Promise<void> => {
    ({ app, log } = await startHttpApp({ controllers: [GuardedController] }, { ADMIN_TOKEN }));
  };
  const call = (headers: Record<string, string> = {}): request.Test =>
    request(app.getHttpServer()).delete('/guarded').set(headers);

  const warnings = (): readonly LogLine[] =>
    log.lines.filter(({ message }) => message.startsWith('state changed without a token'));

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
    ])('refuses a request: %s (%j)', async (reason, headers) => {
      const { body } = await call(headers).expect(401);
      expect(body).toEqual({ ok: false, error: expect.stringContaining('set ADMIN_TOKEN'), statusCode: 401 });
      expect(body.error).toContain(reason);
    });

    it.each(PROXIES)('refuses what %s passes on: %j', async (_, headers) => {
      const { body } = await call(headers).expect(401);
      expect(body.error).toContain(`it has the header ${Object.keys(headers)[0]?.toLowerCase()}`);
      expect(body.error).toContain('a proxy');
    });

    it.each(CLIENTS)('answers %s', async (_, headers) => {
      await call(headers).expect(200);
    });

    /** The request's line as it is, which no client library would write. */
    const send = async (line: string): Promise<string> => {
      const socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1');
      socket.end(`${line}\r\nHost: localhost:9009\r\nConnection: close\r\n\r\n`);
      return text(socket);
    };

    it('refuses HTTP/1.0, which nginx speaks to what is behind it', async () => {
      expect(await send('DELETE /guarded HTTP/1.1')).toContain('200 OK');
      const answer = await send('DELETE /guarded HTTP/1.0');
      expect(answer).toContain('401 Unauthorized');
      expect(answer).toContain('it speaks HTTP/1.0, as proxies do');
    });

    it('refuses a whole address in the first line, which is a request to a proxy', async () => {
      const answer = await send('DELETE http://localhost:9009/guarded HTTP/1.1');
      expect(answer).toContain('401 Unauthorized');
    });

    it('warns of each call that changed something', async () => {
      await request(app.getHttpServer()).get('/guarded').expect(200);
      await request(app.getHttpServer()).post('/guarded').expect(409);
      await call({ Via: '1.1 proxy' }).expect(401);
      await call().expect(200);
      const fields = { method: 'DELETE', path: '/guarded' };
      await eventually('the warning', () => warnings().length > 0);
      expect(warnings()).toEqual([{ level: 'warn', message: expect.stringContaining('set ADMIN_TOKEN'), fields }]);
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

    it('takes it from anywhere, and warns of nothing', async () => {
      const headers = { Authorization: 'Bearer adm-1', Host: 'threader.example.com', 'X-Forwarded-For': '10.0.0.1' };
      await call(headers).expect(200, { ok: true });
      expect(warnings()).toEqual([]);
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
