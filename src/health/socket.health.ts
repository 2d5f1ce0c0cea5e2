import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Clock } from '../clock/clock.js';
import { SlackSocket } from '../slack/slack-socket.js';
import { socketView } from '../slack/socket-view.js';

/** A planned refresh and a dropped line are over by then. Milliseconds. */
const DEGRADED_AFTER_MS = 30_000;

/** Whether clicks reach us. Never down: alerts are taken whatever becomes of the socket. */
@Injectable()
export class SocketHealth {
  constructor(
    private readonly socket: SlackSocket,
    private readonly clock: Clock,
    private readonly indicators: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult<'socket'> {
    const indicator = this.indicators.check('socket');
    const status = this.socket.status();
    const view = { ...socketView(status) };
    const missing = status.state !== 'off' && status.state !== 'connected';
    // A reason that time alone does not mend is told at once.
    const late = this.clock.now() - status.since > DEGRADED_AFTER_MS || status.error !== null;
    return missing && late ? indicator.degraded(view) : indicator.up(view);
  }
}
