import {
  Body,
  Controller,
  Get,
  HttpCode,
  Module,
  Post,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import request from 'supertest';
import { eventually } from '../../test/support/eventually.js';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { RawConnection } from '../../test/support/raw-connection.js';
import { BodyBudget } from './body-budget.js';
import { BODY_TIME_MS, MB, SERVER_TIMES } from './http-limits.js';
import { jsonBody } from './json-body.js';

/** How a request is held up: until the test lets it go. */
let gate: Promise<void>;
/** Requests that came so far. */
let handled: number;

@Controller()
class EchoController {
  @Post('echo')
  @HttpCode(200)
  async echo(@Body() body: unknown): Promise<object> {
    handled++;
    await gate;
    return { got: body ?? null, polluted: ({} as Record<string, unknown>)['polluted'] ?? null };
  }

  /** Reads no body. */
  @Get('blind')
  blind(): object {
    return { ok: true };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule implements NestModule {
  constructor(private readonly budget: BodyBudget) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(jsonBody({ budget: this.budget, limitMb: 10 })).forRoutes('echo');
  }
}

describe('jsonBody', () => {
  let http: HttpApp;
  let budget: BodyBudget;
  let url: string;
  const open: RawConnection[] = [];
  const connect = async (): Promise<RawConnection> => {
    const connection = await RawConnection.to(url);
    open.push(connection);
    return connection;
  };
  const answered = (connection: RawConnection): Promise<number> =>
    eventually('an answer', () => connection.status, { instead: () => connection.received });
  const isFree = (): Promise<boolean> => eventually('the budget to be free', () => budget.used === 0);
  const post = (text: string): request.Test =>
    request(http.app.getHttpServer()).post('/echo').set('Content-Type', 'application/json').send(text);
  /** Has the budget full of bodies that are being handled. @returns lets them be answered */
  const fill = async (): Promise<() => void> => {
    let letGo = (): void => undefined;
    gate = new Promise((resolve) => (letGo = resolve));
    const text = `"${'x'.repeat(10 * MB - 2)}"`;
    for (let i = 0; i < 2; i++) (await connect()).post('/echo', 10 * MB).send(text);
    await eventually('both to be handled', () => handled === 2);
    expect(budget.used).toBe(20 * MB);
    return letGo;
  };

  beforeEach(async () => {
    gate = Promise.resolve();
    handled = 0;
    http = await startHttpApp({ imports: [EchoModule] });
    budget = http.app.get(BodyBudget);
    url = await http.app.getUrl();
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.end();
    await http.app.close();
  });

  it('gives its part of the budget back when the request has been answered, not before', async () => {
    let letGo = (): void => undefined;
    gate = new Promise((resolve) => (letGo = resolve));
    const answer = post('{"a":1}').then(({ body }) => body as unknown);
    await eventually('the body to count', () => budget.used === 7);
    letGo();
    expect(await answer).toEqual({ got: { a: 1 }, polluted: null });
    await isFree();
  });

  it.each<[string, () => string, number, string]>([
    ['JSON that breaks off', () => '{"a":', 400, 'the body is no JSON: '],
    ['deep JSON', () => '['.repeat(100_000), 400, 'the body is nested deeper than 64 levels'],
    ['JSON of too many values', () => `[${'{},'.repeat(1_000_000)}0]`, 400, 'the body holds more than 1000000 values'],
    ['too much', () => `"${'x'.repeat(10 * MB)}"`, 413, 'the body is larger than 10 MB'],
  ])('refuses %s and gives its part of the budget back', async (_name, text, statusCode, error) => {
    const { body } = await post(text()).expect(statusCode);
    expect(body).toEqual({ ok: false, error: expect.stringContaining(error), statusCode });
    await isFree();
  });

  it('refuses deep JSON of 10 MB without a stall', async () => {
    const connection = await connect();
    connection.post('/echo', 10 * MB).send('['.repeat(10 * MB));
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    expect(await answered(connection)).toBe(400);
    clearInterval(ticks);
    expect(longest).toBeLessThan(700); // JSON.parse takes 1,500 ms or more
  });

  it('leaves __proto__ a key like any other', async () => {
    const { body } = await post('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}').expect(200);
    expect(body.polluted).toBeNull();
    expect(Object.keys(body.got as object)).toEqual(['__proto__', 'constructor']);
  });

  it('answers 503 with Retry-After while the budget is used up, and 200 afterwards', async () => {
    const letGo = await fill();
    const refused = await post(`"${'y'.repeat(5 * MB)}"`).expect(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body).toEqual({ ok: false, error: expect.stringContaining('try again'), statusCode: 503 });
    expect(http.log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'request refused' });
    const small = post('"small"');
    const sent = small.then(({ status }) => status);
    letGo();
    expect(await sent).toBe(200);
    await isFree();
    await post(`"${'y'.repeat(5 * MB)}"`).expect(200);
  });

  it('answers 503 to a chunked body that grows beyond the room there is', async () => {
    const letGo = await fill();
    const connection = await connect();
    connection.post('/echo');
    const piece = 'x'.repeat(0x10000);
    for (let i = 0; i < 64; i++) connection.send(`10000\r\n${piece}\r\n`);
    connection.send('0\r\n\r\n');
    expect(await answered(connection)).toBe(503);
    expect(budget.used).toBe(20 * MB);
    letGo();
    await isFree();
  });

  it('has a body that is held open give way to another one', async () => {
    const held = [await connect(), await connect()];
    for (const one of held) one.post('/echo', 10 * MB).send('"x');
    await eventually('both to count', () => budget.used === 20 * MB);
    http.clock.jump(1_000);
    await post(`"${'y'.repeat(5 * MB)}"`).expect(200);
    expect(await answered(held[0] as RawConnection)).toBe(503);
    expect(held[0]?.received).toMatch(/Retry-After: 1\r\n/i);
    await eventually('its connection to end', () => held[0]?.closed);
    expect(held[1]?.status).toBeUndefined();
  });

  it('ends a body that does not arrive in time: 503, since Alertmanager does not retry after 408', async () => {
    const connection = await connect();
    connection.post('/echo', 100).send('{"a":');
    await eventually('it to count', () => budget.used === 100);
    await http.clock.advance(BODY_TIME_MS);
    expect(await answered(connection)).toBe(503);
    expect(connection.received).toContain('the body did not arrive within 10 s');
    await eventually('the connection to end', () => connection.closed);
    expect(budget.used).toBe(0);
  });

  it('gives back what an aborted body had', async () => {
    const connection = await connect();
    connection.post('/echo', 5 * MB).send('"x');
    await eventually('it to count', () => budget.used === 5 * MB);
    connection.end();
    await isFree();
  });

  it('takes a chunked body, and keeps the connection', async () => {
    const connection = await connect();
    connection.post('/echo').send('1\r\n[\r\n2\r\n1]\r\n0\r\n\r\n');
    expect(await answered(connection)).toBe(200);
    expect(connection.received).toContain('{"got":[1]');
    connection.post('/echo', 3).send('[2]');
    await eventually('a second answer', () => connection.received.includes('{"got":[2]'));
  });

  it('refuses a body of very small chunks, and closes the connection', async () => {
    const connection = await connect();
    connection.post('/echo').send('1\r\n \r\n'.repeat(2_000));
    expect(await answered(connection)).toBe(400);
    expect(connection.received).toContain('chunks of less than 64 bytes');
    await eventually('the connection to end', () => connection.closed);
    expect(budget.used).toBe(0);
  });

  it('tells the sender that the connection is kept', async () => {
    const { headers } = await post('[1]').set('Connection', 'keep-alive').expect(200);
    expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': 'timeout=5' });
  });

  it('asks for a body that waits to be asked for', async () => {
    const connection = await connect();
    connection.post('/echo', 3, 'Expect: 100-continue\r\n');
    expect(await answered(connection)).toBe(100);
    connection.send('[1]');
    await eventually('the answer', () => connection.status === 200);
  });

  it('does not ask for a body that is too large', async () => {
    const connection = await connect();
    connection.post('/echo', 11 * MB, 'Expect: 100-continue\r\n');
    expect(await answered(connection)).toBe(413);
    expect(connection.received).not.toContain('100 Continue');
    await eventually('the connection to end', () => connection.closed);
  });

  it.each(['/blind', '/nowhere'])('closes the connection where GET %s comes with an endless body', async (path) => {
    const connection = await connect();
    connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nxxxx\r\n`);
    await answered(connection);
    await eventually('the connection to end', () => connection.closed);
    expect(connection.received).toMatch(/Connection: close/i);
  });

  it('drains a body that has a length and that nobody reads', async () => {
    const connection = await connect();
    connection.send(`GET /blind HTTP/1.1\r\nHost: x\r\nContent-Length: ${MB}\r\n\r\n`).send('x'.repeat(MB));
    connection.send('GET /blind HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('two answers', () => connection.received.split('{"ok":true}').length === 3);
    expect(connection.closed).toBe(false);
  });

  it('ends a connection on which requests pile up', async () => {
    let letGo = (): void => undefined;
    gate = new Promise((resolve) => (letGo = resolve));
    const connection = await connect();
    for (let i = 0; i < 3; i++) connection.post('/echo', 3).send('[1]');
    await eventually('the connection to end', () => connection.closed);
    letGo();
    await isFree();
  });

  it('serves two requests that are sent together', async () => {
    const connection = await connect();
    for (let i = 0; i < 20; i++) {
      connection.post('/echo', 3).send('[1]').post('/echo', 3).send('[2]');
      await eventually('both answers', () => connection.received.split('"got":[2]').length === i + 2);
    }
  });

  it('has the times of http-limits.ts on its server', () => {
    expect(http.app.getHttpServer()).toMatchObject(SERVER_TIMES);
  });
});
