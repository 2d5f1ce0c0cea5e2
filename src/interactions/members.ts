import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { AppLogger } from '../logging/logger.js';
import type { NotAllowed } from '../rendering/whispers.js';
import { SlackClient, type SlackPerson } from '../slack/slack-client.js';
import { SlackCallError } from '../slack/slack-call-error.js';
import { Cached } from './cached.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PERSON_FRESH_MS = 10 * MINUTE;
const GROUP_FRESH_MS = 5 * MINUTE;

/** Who may act on incidents, by ALLOWED_USERS, ALLOWED_USERGROUPS and ALLOW_EXTERNAL_USERS. */
@Injectable()
export class Members {
  private readonly people: Cached<SlackPerson>;
  private readonly groups: Cached<ReadonlySet<string>>;

  constructor(
    private readonly config: Config,
    slack: SlackClient,
    clock: Clock,
    private readonly logger: AppLogger,
  ) {
    this.people = new Cached(clock, (id) => slack.person(id), PERSON_FRESH_MS, DAY);
    const members = async (id: string): Promise<ReadonlySet<string>> => new Set(await slack.usergroupMembers(id));
    this.groups = new Cached(clock, members, GROUP_FRESH_MS, DAY);
  }

  /** Undefined: the person may act. When Slack does not say who somebody is, nobody is let through. */
  async refusal(userId: string): Promise<NotAllowed | undefined> {
    try {
      return (await this.outsider(userId)) ?? ((await this.isListed(userId)) ? undefined : 'not-listed');
    } catch (error) {
      if (!(error instanceof SlackCallError)) throw error;
      this.logger.warn({ userId, method: error.method, code: error.code }, 'could not check who may act');
      return 'could-not-check';
    }
  }

  /** What people call somebody; empty when Slack does not say. */
  async name(userId: string): Promise<string> {
    return this.people.get(userId).then(
      ({ name }) => name,
      () => '',
    );
  }

  private async outsider(userId: string): Promise<NotAllowed | undefined> {
    const person = await this.people.get(userId);
    if (person.isBot || person.isDeleted) return 'not-listed';
    if (this.config.allowExternalUsers) return undefined;
    if (person.isStranger) return 'other-organisation';
    return person.isGuest ? 'guest' : undefined;
  }

  private async isListed(userId: string): Promise<boolean> {
    const { allowedUsers, allowedUsergroups } = this.config;
    if (allowedUsers.length === 0 && allowedUsergroups.length === 0) return true;
    if (allowedUsers.includes(userId)) return true;
    const groups = await Promise.all(allowedUsergroups.map((id) => this.groups.get(id)));
    return groups.some((members) => members.has(userId));
  }
}
