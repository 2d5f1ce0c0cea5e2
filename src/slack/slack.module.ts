import { randomUUID } from 'node:crypto';
import { Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { AppLogger } from '../logging/logger.js';
import { SlackCallObserver } from './call-observer.js';
import { NoSlackSocket } from './no-slack-socket.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { RedisSocketCensus } from './redis-socket-census.js';
import { sdkConnect } from './sdk-connection.js';
import { SlackClient } from './slack-client.js';
import { SlackSocket } from './slack-socket.js';
import { SocketModeSlackSocket } from './socket-mode-slack-socket.js';
import { WebApiSlackClient } from './web-api-slack-client.js';

/** The service listens first: loading the SDK takes the processor for a tenth of a second. Milliseconds. */
const START_AFTER_MS = 100;

const createSlackSocket = (
  config: Config,
  clock: Clock,
  logger: AppLogger,
  redis: RedisConnection | null,
): SlackSocket => {
  const { slackAppToken, slackApiUrl: apiUrl } = config;
  if (slackAppToken === null) return new NoSlackSocket(clock.now());
  const connect = sdkConnect({ appToken: slackAppToken.reveal(), apiUrl });
  const name = `${config.redisKeyPrefix}-sockets`;
  const census = redis === null ? {} : { census: new RedisSocketCensus(redis, clock, name, randomUUID()) };
  return new SocketModeSlackSocket({ connect, clock, logger, random: Math.random, ...census });
};

/** Slack as transport: it knows no incident. */
@Module({
  providers: [
    {
      provide: SlackClient,
      useFactory: ({ slackBotToken, slackApiUrl: apiUrl }: Config, observer?: SlackCallObserver): SlackClient =>
        new WebApiSlackClient({ token: slackBotToken.reveal(), apiUrl, ...(observer && { observer }) }),
      inject: [Config, { token: SlackCallObserver, optional: true }],
    },
    { provide: SlackSocket, useFactory: createSlackSocket, inject: [Config, Clock, AppLogger, RedisConnection] },
  ],
  exports: [SlackClient, SlackSocket],
})
export class SlackModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly socket: SlackSocket,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const { socket } = this;
    if (!(socket instanceof SocketModeSlackSocket)) return;
    this.clock.after(START_AFTER_MS, () => {
      socket.start();
    });
  }

  /** Modules that handle envelopes are asked before this one; the store closes after it. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.socket instanceof SocketModeSlackSocket) await this.socket.stop();
  }
}
