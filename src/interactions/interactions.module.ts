import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { SlackModule } from '../slack/slack.module.js';
import { ThreadStoreModule } from '../thread-store/thread-store.module.js';
import { Answers } from './answers.js';
import { AppHome } from './app-home.js';
import { Clicks } from './clicks.js';
import { Forms } from './forms.js';
import { InteractionsService } from './interactions.service.js';
import { Members } from './members.js';
import { MissedReactions } from './missed-reactions.js';
import { Reactions } from './reactions.js';
import { SilenceForms } from './silence-forms.js';
import { ThreadLinks } from './thread-links.js';
import { Whisperer } from './whisperer.js';

/** What people do in Slack: buttons, forms and emoji. */
@Module({
  imports: [DeliveryModule, IncidentsModule, SlackModule, ThreadStoreModule],
  providers: [
    InteractionsService,
    Clicks,
    Forms,
    SilenceForms,
    Reactions,
    MissedReactions,
    AppHome,
    Members,
    Answers,
    ThreadLinks,
    Whisperer,
  ],
})
export class InteractionsModule {}
