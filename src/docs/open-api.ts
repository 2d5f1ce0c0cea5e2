import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { version } from '../metrics/build-info.js';
import { describeAlerts } from './describe-alerts.js';
import { describeCommands } from './describe-commands.js';
import { describeHealth } from './describe-health.js';
import { describeIncidents } from './describe-incidents.js';
import { describeMetrics } from './describe-metrics.js';
import { describeStats } from './describe-stats.js';

/**
 * The OpenAPI document. Paths and methods come from the controllers; what they take and answer is described here and
 * not by decorators there, since those would load Swagger at every start.
 */
export const openApi = (app: INestApplication): OpenAPIObject => {
  for (const describe of [
    describeAlerts,
    describeHealth,
    describeStats,
    describeMetrics,
    describeIncidents,
    describeCommands,
  ])
    describe();
  const head = new DocumentBuilder()
    .setTitle('Alert Threader')
    .setDescription(
      'One Slack thread for one problem. Errors everywhere: `{"ok": false, "error": "…", "statusCode": …}`.',
    )
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'WEBHOOK_TOKEN' }, 'webhook')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'any user, WEBHOOK_TOKEN as password' }, 'webhookBasic')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN' }, 'admin')
    .build();
  return SwaggerModule.createDocument(app, head, { autoTagControllers: false });
};
