import { Inject, Module, type DynamicModule } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Registry } from 'prom-client';
import { Config } from '../config/config.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { SlackModule } from '../slack/slack.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { ApartGauge } from './apart-gauge.js';
import { registerBuildInfo } from './build-info.js';
import { MetersModule } from './meters.module.js';
import { MetricsController } from './metrics.controller.js';
import { SlackCounters } from './slack-counters.js';
import { StateGauges } from './state-gauges.js';

/** `_total` is a counter's name, and they are gauges; `nodejs_active_resources` says the same by type. */
const LEFT_OUT = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** GET /metrics. */
@Module({})
export class MetricsModule {
  /** With a registry of its own for each application. */
  static forRoot(): DynamicModule {
    const registry = new Registry();
    const base = PrometheusModule.register({
      controller: MetricsController,
      defaultMetrics: { enabled: true, config: { register: registry } },
    });
    for (const name of LEFT_OUT) registry.removeSingleMetric(name);
    return {
      ...base,
      module: MetricsModule,
      imports: [MetersModule.forRoot(registry), ThreadStoreModule, SlackModule, DeliveryModule],
      providers: [...(base.providers ?? []), StateGauges, SlackCounters, ApartGauge],
    };
  }

  /** SlackCounters and ApartGauge are asked for so that they are there from the start. */
  constructor(
    registry: Registry,
    { threadStore }: Config,
    @Inject(SlackCounters) readonly counters: SlackCounters,
    @Inject(ApartGauge) readonly apart: ApartGauge,
  ) {
    registerBuildInfo(registry, threadStore);
  }
}
