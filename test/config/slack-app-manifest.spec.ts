import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { parseEnvelope } from '../../src/interactions/parse-envelope.js';

/** Bot scopes that each Web API method needs: https://docs.slack.dev/reference/methods. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  // In a public channel that the bot is not in, chat.postMessage needs the second one.
  'chat.postMessage': ['chat:write', 'chat:write.public'],
  'chat.update': ['chat:write'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  // For public and for private channels.
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'conversations.join': ['channels:join'],
  'reactions.get': ['reactions:read'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  'views.update': [],
  'views.publish': [],
};

/** The same of events: https://docs.slack.dev/reference/events. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  app_home_opened: [],
  app_uninstalled: [],
  tokens_revoked: [],
};

interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly app_home: Readonly<Record<string, boolean>>;
    readonly bot_user: { readonly display_name: string };
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } };
}

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const source = read('config/slack-app-manifest.yaml');
const manifest = load(source) as Manifest;

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** Methods that a source names: `'chat.postMessage'`, unlike `'./json-parts.js'`. */
const methodsIn = (code: string): string[] =>
  sorted([...code.matchAll(/'([a-z]+(?:\.[a-zA-Z]+)+)'/g)].map(([, method = '']) => method));

/** Every event that a manifest can name, by Slack's SDK. */
const allEvents = (): string[] => {
  const types = read('node_modules/@slack/web-api/dist/types/request/manifest.d.ts');
  const [, union = ''] = /type ManifestEvent = ([^;]+);/.exec(types) ?? [];
  return [...union.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
};

/** Whether the service does something with it, were it complete. */
const isHandled = (type: string): boolean => {
  const item = { type: 'message', channel: 'C0123456789', ts: '1700000000.000100' };
  const event = { type, user: 'U0123456789', reaction: 'eyes', item, tab: 'home' };
  const payload = { event_id: 'Ev0123456789', event };
  return parseEnvelope({ id: 'envelope', type: 'events_api', payload }).interaction.kind !== 'none';
};

describe('config/slack-app-manifest.yaml', () => {
  const { oauth_config: oauth, settings, features, display_information: display } = manifest;
  const scopes = oauth.scopes.bot;
  const events = settings.event_subscriptions.bot_events;

  it('asks for the scopes that calls and events need, and for no other', () => {
    expect(methodsIn(read('src/slack/web-api-slack-client.ts'))).toEqual(sorted(Object.keys(METHODS)));
    expect(sorted(scopes)).toEqual(sorted([METHODS, EVENTS].flatMap((table) => Object.values(table).flat())));
    expect(scopes).toHaveLength(new Set(scopes).size);
  });

  it('subscribes to the events that are handled, and to no other', () => {
    expect(allEvents()).toEqual(expect.arrayContaining(Object.keys(EVENTS)));
    expect(sorted(allEvents().filter(isHandled))).toEqual(sorted(Object.keys(EVENTS)));
    expect(sorted(events)).toEqual(sorted(Object.keys(EVENTS)));
    expect(events).toHaveLength(new Set(events).size);
  });

  it('has Socket Mode and interactivity on, and no address that Slack would call', () => {
    expect(settings).toEqual({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: events },
      org_deploy_enabled: false,
      token_rotation_enabled: false,
    });
    expect(source.replace(/^\s*#.*$/gm, '')).not.toMatch(/url|http/i);
  });

  it('has a Home tab, no messages tab and no slash command', () => {
    expect(features.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: false });
    expect(Object.keys(features)).toEqual(['app_home', 'bot_user']);
    expect(scopes).not.toContain('commands');
  });

  it('keeps to the lengths that Slack takes', () => {
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    expect(features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
  });

  it('has each of its scopes explained in docs/security.md, and no other', () => {
    const [, section = ''] = /\n### Scopes\n([^]*?)\n## /.exec(read('docs/security.md')) ?? [];
    const explained = [...section.matchAll(/^\| `([a-z:._]+)` /gm)].map(([, scope = '']) => scope);
    expect(sorted(explained)).toEqual(sorted([...scopes, 'connections:write']));
  });
});
