import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { ownValue } from '../domain/own-value.js';
import type { ErrorKind } from '../domain/record.js';
import { SLACK_METHODS } from '../slack/call-observer.js';
import { SlackClient } from '../slack/slack-client.js';
import { SlackSocket } from '../slack/slack-socket.js';

/** Labels by what the client counts: `ok`, or an error's kind. */
const OUTCOMES = {
  ok: 'ok',
  rate: 'rate_limited',
  transient: 'transient',
  ambiguous: 'ambiguous',
  payload: 'payload',
  frozen: 'frozen',
  gone: 'gone',
  channel: 'channel',
  app: 'app',
  unknown: 'unknown',
} as const satisfies Record<ErrorKind | 'ok', string>;
const COUNTED = Object.entries(OUTCOMES);

/** What Slack's client and socket count themselves; it is read when somebody asks. */
@Injectable()
export class SlackCounters {
  constructor(
    private readonly registry: Registry,
    slack: SlackClient,
    socket: SlackSocket,
  ) {
    const registers = [registry];
    new Counter({
      name: 'alert_threader_slack_calls_total',
      help: 'Calls to the Slack Web API by method and outcome.',
      labelNames: ['method', 'outcome'],
      registers,
      collect() {
        this.reset();
        const calls = slack.calls();
        for (const method of SLACK_METHODS) {
          for (const [counted, outcome] of COUNTED)
            this.inc({ method, outcome }, ownValue(calls[method] ?? {}, counted) ?? 0);
        }
      },
    });
    new Counter({
      name: 'alert_threader_slack_rate_limited_total',
      help: 'Calls that Slack refused with 429, to be made later.',
      labelNames: ['method'],
      registers,
      collect() {
        this.reset();
        const calls = slack.calls();
        for (const method of SLACK_METHODS) this.inc({ method }, calls[method]?.['rate'] ?? 0);
      },
    });
    new Counter({
      name: 'alert_threader_socket_reconnects_total',
      help: 'Socket Mode connections made after the first, refreshes that Slack asks for included.',
      registers,
      collect() {
        this.reset();
        this.inc(socket.status().reconnects);
      },
    });
    new Counter({
      name: 'alert_threader_socket_envelopes_total',
      help: 'Clicks, forms and events that came over Socket Mode, by type, repeats included.',
      labelNames: ['type'],
      registers,
      collect() {
        this.reset();
        for (const [type, count] of Object.entries(socket.envelopes())) this.inc({ type }, count);
      },
    });
    if (socket.status().state !== 'off') this.showConnection(socket);
  }

  /** Without SLACK_APP_TOKEN there is none to tell of. */
  private showConnection(socket: SlackSocket): void {
    new Gauge({
      name: 'alert_threader_socket_connected',
      help: '1 while Socket Mode is connected, so that people can act in Slack; absent without SLACK_APP_TOKEN.',
      registers: [this.registry],
      collect() {
        this.set(socket.status().state === 'connected' ? 1 : 0);
      },
    });
  }
}
