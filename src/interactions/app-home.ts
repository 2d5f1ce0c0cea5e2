import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { severityRank } from '../domain/alert.js';
import { startedAt } from '../domain/incident.js';
import type { IncidentThread } from '../domain/record.js';
import { homeView, type HomeIncident } from '../rendering/home.js';
import { AppLogger } from '../logging/logger.js';
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
    private readonly logger: AppLogger,
  ) {}

  async show(userId: string): Promise<void> {
    if ((await this.members.refusal(userId)) !== undefined) return;
    const threads: IncidentThread[] = [];
    for (const status of ['firing', 'acknowledged'] as const) {
      threads.push(...(await this.store.list({ status, limit: LOOKED_AT })).items);
    }
    const { incidents } = await this.store.counts();
    const listed = await Promise.all(threads.map(async (thread) => this.shown(thread, await this.links.to(thread))));
    const open = listed.sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
    const more = Math.max(0, incidents.firing + incidents.acknowledged - open.length);
    await this.slack.publishHome(userId, homeView({ environment: this.config.environment, open, more }));
  }

  /** One that cannot be told must not keep the others from the page. */
  private shown(thread: IncidentThread, threadUrl: string | null): HomeIncident {
    try {
      return shown(thread, titleOf(thread), threadUrl);
    } catch (error) {
      const { channel, incident } = thread;
      const fields = { threadKey: incident.key, channel, incidentId: incident.id };
      this.logger.error({ ...fields, err: error }, 'incident can not be shown whole');
      return shown(thread, incident.key, threadUrl);
    }
  }
}

const shown = (thread: IncidentThread, title: string, threadUrl: string | null): HomeIncident => ({
  title,
  severity: thread.incident.severity,
  status: thread.incident.status,
  owner: thread.incident.acknowledged?.by ?? null,
  since: startedAt(thread.incident),
  channel: thread.channel,
  threadUrl,
});
