import type { SlackClient } from '../../src/slack/slack-client.js';

/** The real client, with doors that a test can close. */
export class GatedSlack {
  constructor(
    private readonly client: SlackClient,
    /** Waits where a test holds this kind of call: `post before`, `update after`. */
    private readonly gate: (name: string) => Promise<void>,
  ) {}

  private async through<T>(method: string, call: () => Promise<T>): Promise<T> {
    await this.gate(`${method} before`);
    const result = await call();
    await this.gate(`${method} after`);
    return result;
  }

  post = (...args: Parameters<SlackClient['post']>): ReturnType<SlackClient['post']> =>
    this.through('post', () => this.client.post(...args));
  update = (...args: Parameters<SlackClient['update']>): ReturnType<SlackClient['update']> =>
    this.through('update', () => this.client.update(...args));
  delete = (...args: Parameters<SlackClient['delete']>): ReturnType<SlackClient['delete']> =>
    this.through('delete', () => this.client.delete(...args));
  history = (...args: Parameters<SlackClient['history']>): ReturnType<SlackClient['history']> =>
    this.client.history(...args);
  replies = (...args: Parameters<SlackClient['replies']>): ReturnType<SlackClient['replies']> =>
    this.client.replies(...args);
  join = (channel: string): Promise<void> => this.client.join(channel);
  identity = (): ReturnType<SlackClient['identity']> => this.client.identity();
  openView = (...args: Parameters<SlackClient['openView']>): ReturnType<SlackClient['openView']> =>
    this.client.openView(...args);
  updateView = (...args: Parameters<SlackClient['updateView']>): ReturnType<SlackClient['updateView']> =>
    this.client.updateView(...args);
  publishHome = (...args: Parameters<SlackClient['publishHome']>): ReturnType<SlackClient['publishHome']> =>
    this.client.publishHome(...args);
  whisper = (...args: Parameters<SlackClient['whisper']>): ReturnType<SlackClient['whisper']> =>
    this.client.whisper(...args);
  reactions = (...args: Parameters<SlackClient['reactions']>): ReturnType<SlackClient['reactions']> =>
    this.client.reactions(...args);
  person = (userId: string): ReturnType<SlackClient['person']> => this.client.person(userId);
  usergroupMembers = (id: string): ReturnType<SlackClient['usergroupMembers']> => this.client.usergroupMembers(id);
  calls = (): ReturnType<SlackClient['calls']> => this.client.calls();
}
