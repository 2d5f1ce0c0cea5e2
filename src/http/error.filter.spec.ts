import {
  BadRequestException,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Param,
  ServiceUnavailableException,
} from '@nestjs/common';
import request from 'supertest';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { StoreUnavailableError } from '../thread-store/thread-store.js';

/** Its first half is within what the log shows of an error. */
const TOKEN = 'glsa_AbCdEf0123456789AbCdEf0123456789_0a1b2c3d';

const THROWN: Record<string, unknown> = {
  bad: new BadRequestException('limit: expected a number'),
  many: new BadRequestException(['a: wrong', 'b: wrong']),
  same: new BadRequestException(['a: wrong', 'a: wrong', 'b: wrong', 'a: wrong']),
  none: new NotFoundException('there is no incident "x"'),
  teapot: new HttpException({ other: 'shape' }, 418),
  token: new BadRequestException(`${'x '.repeat(140)}${TOKEN} refused`),
  long: new BadRequestException('x'.repeat(100_000)),
  down: new ServiceUnavailableException('later'),
  store: new StoreUnavailableError('open /var/secret: read-only', 'EROFS'),
  bug: new TypeError('secret is not a function'),
  text: 'secret',
  nothing: undefined,
};

const POINTER = 'alerts go to POST /alert, and GET /docs lists every call';

@Controller('throw')
class ThrowingController {
  @Get(':what')
  go(@Param('what') what: string): never {
    throw THROWN[what];
  }
}

describe('ErrorFilter', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp({ controllers: [ThrowingController] });
  });
  beforeEach(() => {
    http.log.lines.length = 0;
  });
  afterAll(() => http.app.close());

  it.each<[string, number, string]>([
    ['/throw/bad', 400, 'limit: expected a number'],
    ['/throw/many', 400, 'a: wrong; b: wrong'],
    ['/throw/same', 400, 'a: wrong; b: wrong'],
    ['/throw/none', 404, 'there is no incident "x"'],
    ['/throw/teapot', 418, 'Http Exception'],
    ['/throw/long', 400, `${'x'.repeat(8_000)}…`],
    ['/throw/token', 400, `${'x '.repeat(140)}[secret] refused`],

    ['/throw/down', 503, 'later'],
    ['/throw/store', 503, 'the store takes nothing at the moment (EROFS); try again'],
    ['/throw/bug', 500, 'an error of ours; the log says more'],
    ['/throw/text', 500, 'an error of ours; the log says more'],
    ['/throw/nothing', 500, 'an error of ours; the log says more'],
    ['/elsewhere', 404, `there is no GET /elsewhere; ${POINTER}`],
    ['/throw?secret=1', 404, `there is no GET /throw; ${POINTER}`],
    ['/', 404, `there is no GET /; ${POINTER}`],
    [`/${'x'.repeat(500)}`, 404, `there is no GET /${'x'.repeat(99)}…; ${POINTER}`],
    ['/throw/%FF', 400, "Failed to decode param '%FF'"],
  ])('GET %s answers %i', async (path, statusCode, error) => {
    const { body, headers } = await request(http.app.getHttpServer()).get(path).expect(statusCode);
    expect(body).toEqual({ ok: false, error, statusCode });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['etag']).toBeUndefined();
    expect(http.log.lines).toHaveLength(1);
    const [line] = http.log.lines;
    expect(line).toMatchObject(
      statusCode >= 500
        ? { level: 'error', message: 'request failed', fields: { method: 'GET', statusCode } }
        : {
            level: 'warn',
            message: 'request refused',
            fields: {
              path: path.split('?')[0],
              statusCode,
              error: error.length > 300 ? `${error.slice(0, 300)}…` : error,
            },
          },
    );
  });

  it('shows no token that is in a path', async () => {
    const { body } = await request(http.app.getHttpServer()).get('/cache/xoxb-1-abc').expect(404);
    expect(JSON.stringify([body, http.log.lines])).not.toContain('xoxb');
  });

  it('keeps the cause of what is our own fault for the log', async () => {
    await request(http.app.getHttpServer()).get('/throw/bug');
    expect(http.log.lines[0]?.fields['err']).toBe(THROWN['bug']);
  });
});
