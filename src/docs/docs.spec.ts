import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { FakeDelivery } from '../../test/support/fake-delivery.js';
import { FakeSlackSocket } from '../../test/support/fake-slack-socket.js';
import { LogLines } from '../../test/support/log-lines.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { AlertsController } from '../alerts/alerts.controller.js';
import { PauseWatch } from '../alerts/pause-watch.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { Delivery } from '../delivery/delivery.js';
import { HealthController } from '../health/health.controller.js';
import { OldestWaitingHealth } from '../health/oldest-waiting.health.js';
import { RecordsApartHealth } from '../health/records-apart.health.js';
import { RedisWarnings } from '../health/redis-warnings.js';
import { SlackHealth } from '../health/slack.health.js';
import { FoldingHealth } from '../health/folding.health.js';
import { SocketHealth } from '../health/socket.health.js';
import { SlackSocket } from '../slack/slack-socket.js';
import { ThreadStoreHealth } from '../health/thread-store.health.js';
import { configureHttp } from '../http/configure-http.js';
import { IncidentCommandsController } from '../incidents/incident-commands.controller.js';
import { IncidentCommands } from '../incidents/incident-commands.js';
import { IncidentsController } from '../incidents/incidents.controller.js';
import { AlertReceiver } from '../incidents/receive.js';
import { AppLogger } from '../logging/logger.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { StateGauges } from '../metrics/state-gauges.js';
import { CacheController } from '../stats/cache.controller.js';
import { StatsController } from '../stats/stats.controller.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { mountDocs } from './mount-docs.js';

interface Operation {
  summary?: string;
  responses: Record<string, { content?: Record<string, { schema?: { type?: string } }> }>;
}

describe('GET /docs', () => {
  let app: NestExpressApplication;
  const get = (path: string): request.Test => request(app.getHttpServer()).get(path);

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [
        AlertsController,
        HealthController,
        StatsController,
        CacheController,
        IncidentsController,
        IncidentCommandsController,
        MetricsController,
      ],
      providers: [
        { provide: Config, useValue: loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C0123456789' }) },
        { provide: Clock, useClass: ManualClock },
        { provide: AppLogger, useClass: LogLines },
        { provide: Delivery, useClass: FakeDelivery },
        { provide: ThreadStore, useValue: {} },
        { provide: AlertReceiver, useValue: {} },
        { provide: PauseWatch, useValue: {} },
        { provide: IncidentCommands, useValue: {} },
        { provide: Registry, useValue: new Registry() },
        { provide: StateGauges, useValue: {} },
        RedisWarnings,
        ThreadStoreHealth,
        { provide: SlackSocket, useClass: FakeSlackSocket },
        SlackHealth,
        SocketHealth,
        FoldingHealth,
        OldestWaitingHealth,
        RecordsApartHealth,
      ],
    }).compile();
    app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
    configureHttp(app);
    mountDocs(app);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('describes every call and each of its answers', async () => {
    const { body } = await get('/docs/openapi.json').expect(200);
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(body.info.version).toBe(version);
    const paths = body.paths as Record<string, Record<string, Operation>>;
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(calls.sort()).toEqual([
      'delete /cache',
      'get /cache',
      'get /health',
      'get /health/live',
      'get /health/ready',
      'get /incidents',
      'get /incidents/{id}',
      'get /metrics',
      'get /stats',
      'post /alert',
      ...['ack', 'reopen', 'resolve', 'silence', 'unack', 'unsilence'].map((name) => `post /incidents/{id}/${name}`),
    ]);
    for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
      expect(operation.summary).toMatch(/\w/);
      expect(Object.keys(operation.responses)).toContain('200');
      for (const { content } of Object.values(operation.responses)) {
        const [type, { schema } = {}] = Object.entries(content ?? {})[0] ?? [];
        expect([type, schema?.type]).toEqual(
          operation === paths['/metrics']?.['get'] ? ['text/plain', 'string'] : ['application/json', 'object'],
        );
      }
    }
    expect(JSON.stringify(body)).toContain('Database Critical Failure');
  });

  it('loads nothing from elsewhere', async () => {
    const { text, headers } = await get('/docs').expect(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(loaded).toEqual(['/docs/', 'favicon-32x32.png', 'swagger-ui.css', 'swagger-ui-bundle.js', 'start.js']);
    for (const file of loaded) await get(new URL(file, 'http://x/docs/').pathname).expect(200);
    expect((await get('/docs/start.js')).text).toContain('validatorUrl: null');
  });

  it.each(['/docs/package.json', '/docs/../package.json', '/docs/%2e%2e/package.json', '/docs/LICENSE'])(
    'has no %s',
    async (path) => {
      const { body } = await get(path).expect(404);
      expect(body.ok).toBe(false);
    },
  );
});
