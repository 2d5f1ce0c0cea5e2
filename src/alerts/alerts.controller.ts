import { setImmediate as turn } from 'node:timers/promises';
import { BadRequestException, Controller, Inject, Optional, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { httpStatusOf } from '../http/http-status.js';
import { sendJson } from '../http/send-json.js';
import { AlertReceiver, type ReceivedAlert } from '../incidents/receive.js';
import { AppLogger } from '../logging/logger.js';
import { channelRule, type AlertChannel } from './alert-channel.js';
import { keptLabels, type KeptLabels } from './fit-texts.js';
import { isRefused, parsePayload, PayloadError, type Payload } from './parse-payload.js';
import { PauseWatch } from './pause-watch.js';
import { webhookAnswer, type WebhookAnswer } from './webhook-answer.js';
import { WebhookObserver } from './webhook-observer.js';

/** Reasons told when every alert is bad, and fields named in the log when some are. */
const MAX_REASONS = 20;
/** Alerts of a webhook from which on other work gets a turn in between. */
const MANY = 500;

@Controller()
export class AlertsController {
  private readonly channelOf: ReturnType<typeof channelRule>;
  private readonly kept: KeptLabels;
  private readonly debug: boolean;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly receiver: AlertReceiver,
    private readonly logger: AppLogger,
    private readonly pauses: PauseWatch,
    @Optional() @Inject(WebhookObserver) private readonly observer?: WebhookObserver,
  ) {
    this.channelOf = channelRule(config);
    this.kept = keptLabels(config.threadKeyLabels);
    this.debug = config.logLevel === 'debug' || config.logLevel === 'trace';
  }

  /** Answers by itself: what Nest and Express do for an answer costs 30 µs, as much as everything else together. */
  @Post('alert')
  async receive(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (this.pauses.wasPaused() && (await hasGone(request))) {
      this.logger.warn({}, 'webhook left alone: its sender gave up while this process was paused');
      response.destroy();
      return;
    }
    const channel = request.url.includes('?') ? request.query['channel'] : undefined;
    try {
      const payload = this.parse(request.body, channel);
      request.body = undefined; // what no alert keeps of it is garbage now, not only when Slack has answered
      sendJson(response, 200, await this.take(payload));
    } catch (error) {
      this.observer?.answered(httpStatusOf(error));
      throw error;
    }
  }

  /** Resolves once every good alert is durable. */
  private async take(payload: Payload): Promise<WebhookAnswer> {
    const taken: ReceivedAlert[] = [];
    for (const alert of payload.alerts) {
      if (isRefused(alert)) continue;
      taken.push({ alert: alert.alert, channel: alert.channel, truncated: payload.truncated });
    }
    if (taken.length < payload.alerts.length) this.complain(payload, taken.length);
    if (taken.length > MANY) await turn();
    const outcomes = taken.length === 0 ? [] : await this.receiver.receive(taken);
    const refused = payload.alerts.length - taken.length;
    this.observer?.alerts(outcomes, refused);
    this.observer?.answered(200, refused > 0);
    if (this.debug) this.logger.debug({ ...facts(payload), taken: taken.length }, 'webhook taken');
    return webhookAnswer(payload, outcomes, this.config.threadStore);
  }

  private parse(body: unknown, channel: unknown): Payload {
    if (body === undefined) {
      throw new BadRequestException('the body: expected JSON, with the header "Content-Type: application/json"');
    }
    try {
      const where = (label: string | undefined): AlertChannel => this.channelOf(label, channel);
      return parsePayload(body, { now: this.clock.now(), channel: where, kept: this.kept });
    } catch (error) {
      throw error instanceof PayloadError ? new BadRequestException(error.message, { cause: error }) : error;
    }
  }

  /** @throws {BadRequestException} nothing of the webhook can be taken */
  private complain(payload: Payload, taken: number): void {
    const refused = payload.alerts.filter(isRefused);
    const named = refused.slice(0, MAX_REASONS);
    if (taken === 0) {
      this.observer?.alerts([], refused.length);
      const more = refused.length - named.length;
      const reasons = named.map(({ error }) => error).join('; ');
      throw new BadRequestException(`no alert could be taken: ${reasons}${more > 0 ? `; and ${more} more` : ''}`);
    }
    const fields = named.map(({ field }) => field);
    this.logger.warn({ ...facts(payload), taken, refused: refused.length, fields }, 'alerts of a webhook refused');
  }
}

/** The end of a connection is read after what came over it. @returns whether nobody waits for the answer */
const hasGone = async ({ socket }: Request): Promise<boolean> => {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
  return socket.destroyed || socket.readableEnded;
};

const facts = ({ status, alerts, truncated }: Payload): object => ({ status, alerts: alerts.length, truncated });
