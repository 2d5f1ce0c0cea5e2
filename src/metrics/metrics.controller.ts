import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import { StateGauges } from './state-gauges.js';

/** For Prometheus. No token is asked for: it tells numbers, and names nothing but channels. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly registry: Registry,
    private readonly state: StateGauges,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async metrics(@Res({ passthrough: true }) response: Response): Promise<string> {
    await this.state.read();
    response.type(this.registry.contentType);
    return this.registry.metrics();
  }
}
