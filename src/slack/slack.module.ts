import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { SlackClient } from './slack-client.js';
import { WebApiSlackClient } from './web-api-slack-client.js';

/** Slack as transport: it knows no incident. */
@Module({
  providers: [
    {
      provide: SlackClient,
      useFactory: (config: Config): SlackClient =>
        new WebApiSlackClient({ token: config.slackBotToken.reveal(), apiUrl: config.slackApiUrl }),
      inject: [Config],
    },
  ],
  exports: [SlackClient],
})
export class SlackModule {}
