import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { severityRank } from '../domain/alert.js';
import { startedAt } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { homeView, type HomeIncident } from '../rendering/home.js';
import { SlackClient } from '../slack/slack-client.js';
import { ThreadStore } from '../thread-store/thread-store.js';
import { Members } from './members.js';
import { ThreadLinks } from './thread-links.js';
import { titleOf } from './title.js';

/** Looked at for the list, newest first. */
const LOOKED_AT = 100;

/** The app's own page in Slack: what is open now. */
@Injectable()
export class AppHome {
  constructor(
    private readonly store: ThreadStore,
    private readonly slack: SlackClient,
    private readonly members: Members,
    private readonly links: ThreadLinks,
    private readonly config: Config,
  ) {}

  async show(userId: string): Promise<void> {
    if ((await this.members.refusal(userId)) !== undefined) return;
    const threads: IncidentThread[] = [];
    for (const status of ['firing', 'acknowledged'] as const) {
      threads.push(...(await this.store.list({ status, limit: LOOKED_AT })).items);
    }
    const { incidents } = await this.store.counts();
    const listed = await Promise.all(threads.map(async (thread) => shown(thread, await this.links.to(thread))));
    const open = listed.sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
    const more = Math.max(0, incidents.firing + incidents.acknowledged - open.length);
    await this.slack.publishHome(userId, homeView({ environment: this.config.environment, open, more }));
  }
}

const shown = (thread: IncidentThread, threadUrl: string | null): HomeIncident => ({
  title: titleOf(thread),
  severity: thread.incident.severity,
  status: thread.incident.status,
  owner: thread.incident.acknowledged?.by ?? null,
  since: startedAt(thread.incident),
  channel: thread.channel,
  threadUrl,
});
