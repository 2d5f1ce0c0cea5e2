import {
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  Validate,
} from 'class-validator';
import { CHANNEL_ID } from './channel-id.js';
import { parseDuration } from './duration.js';
import { FromVariable } from './from-variable.js';
import { BareUrl, HttpUrl, LabelName, RedisUrl, SecretMatches } from './validators.js';
import { Secret } from './secret.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEARS_10 = 3_650 * DAY;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const DURATION = 'a duration such as 500ms, 1s, 30m, 4h, 30d or 0, at most 3650d';
const EMOJI = "an emoji's name such as eyes, without colons";
const MAX_OPEN = 'a whole number, 100 to 100000';
const TOKEN = 'printable ASCII without spaces';
const USERNAME = 'a name without colons and control characters';
const PASSWORD = 'a password without control characters';
const USERS = "people's ids such as U0123456789, with commas between them";
const USERGROUPS = "user groups' ids such as S0123456789, with commas between them";

const REDIS_URL =
  'redis://[user:password@]host[:port][/db], rediss://… with TLS, ' +
  'redis+sentinel://[:password@]host:port[,host:port…]/master-name[/db][?sentinel_password=…] or ' +
  'redis+cluster://[user:password@]host:port[,host:port…]';

const bareUrl = (server: 'ALERTMANAGER' | 'GRAFANA'): string =>
  `an address without a user, a password, ? and # ` +
  `(credentials go into ${server}_TOKEN, or ${server}_USERNAME and ${server}_PASSWORD)`;

const secret = (text: string): Secret => new Secret(text);
const list = (text: string): readonly string[] =>
  Object.freeze(
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
const number = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);
const boolean = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
const folderUrl = (text: string): string => (text.endsWith('/') ? text : `${text}/`);
const withoutColons = (text: string): string => text.replace(/^:(.*):$/, '$1');

/**
 * Every setting, read once from the environment, checked and frozen; also the token it is injected by.
 * A property's initial value is its default. A validator's message says what the variable expects.
 */
export class Config {
  /** Slack bot token. Required. */
  @FromVariable('SLACK_BOT_TOKEN', secret)
  @Validate(SecretMatches, [/^(xoxe\.)?xoxb-[\x21-\x7e]+$/], { message: 'a Slack bot token, xoxb-…' })
  readonly slackBotToken!: Secret;

  /** Slack app-level token. Null: no Socket Mode, messages carry no buttons. */
  @FromVariable('SLACK_APP_TOKEN', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^xapp-[\x21-\x7e]+$/], { message: 'a Slack app-level token, xapp-…' })
  readonly slackAppToken: Secret | null = null;

  /** Id of the channel for alerts that name no other. Required. */
  @FromVariable('SLACK_CHANNEL')
  @Matches(CHANNEL_ID, { message: "a channel's id such as C0123456789 (its name won't do)" })
  readonly slackChannel!: string;

  /** Where Slack's Web API is; ends in a slash. */
  @FromVariable('SLACK_API_URL', folderUrl)
  @Validate(HttpUrl, { message: 'an http or https address' })
  readonly slackApiUrl: string = 'https://slack.com/api/';

  /** Shown in messages, last part of every thread key. */
  @FromVariable('ENVIRONMENT')
  @MaxLength(100, { message: 'at most 100 characters' })
  @Matches(/^[^|@\s\p{Cc}]+$/u, { message: 'a name without |, @, spaces and control characters' })
  readonly environment: string = 'staging';

  /** Address to listen on. */
  @FromVariable('BIND_HOST')
  @Matches(/^[\w.:-]+$/, { message: 'an IP address or a host name' })
  readonly bindHost: string = '0.0.0.0';

  /** Port to listen on; 0 takes any free one. */
  @FromVariable('BIND_PORT', number)
  @IsInt({ message: 'a port, 0 to 65535' })
  @Min(0, { message: 'a port, 0 to 65535' })
  @Max(65_535, { message: 'a port, 0 to 65535' })
  readonly bindPort: number = 9009;

  /** Where threads and incidents are kept. */
  @FromVariable('THREAD_STORE')
  @IsIn(['file', 'redis'], { message: 'file or redis' })
  readonly threadStore: 'file' | 'redis' = 'file';

  /** Path of the file store. */
  @FromVariable('THREAD_STORE_FILE')
  @Matches(/^\P{Cc}+$/u, { message: 'a path without control characters' })
  readonly threadStoreFile: string = '/var/lib/alert-threader/threads.json';

  /**
   * Where Redis is, with its password where it has one (%XX for what an address can't hold):
   * - one server: `redis://[user:password@]host[:port][/<db>]`, or `rediss://…` with TLS
   * - the master that Sentinels know by a name: `redis+sentinel://[:password@]host:port[,host:port…]/<master name>[/<db>]`
   * - a Cluster, by some of its nodes: `redis+cluster://[user:password@]host:port[,host:port…]`
   */
  @FromVariable('REDIS_URL', secret)
  @Validate(RedisUrl, { message: REDIS_URL })
  readonly redisUrl: Secret = new Secret('redis://localhost:6379/0');

  /** What our Redis keys begin with. Braces would decide where a Cluster keeps them. */
  @FromVariable('REDIS_KEY_PREFIX')
  @Matches(/^[\x21-\x7a|~]{1,200}$/, { message: 'printable ASCII without spaces and braces, at most 200 characters' })
  readonly redisKeyPrefix: string = 'threader:ts';

  /** Labels that make the thread key, in order, before the environment. */
  @FromVariable('THREAD_KEY_LABELS', list)
  @ArrayNotEmpty({ message: 'label names with commas between them' })
  @ArrayUnique({ message: 'each label name once' })
  @Validate(LabelName, { each: true, message: 'label names with commas between them' })
  readonly threadKeyLabels: readonly string[] = Object.freeze(['alertname', 'severity', 'service', 'cluster']);

  /** A re-fire within this many milliseconds of the resolve reopens the thread; later it is a new incident. */
  @FromVariable('REOPEN_WINDOW', parseDuration)
  @Max(YEARS_10, { message: DURATION })
  @IsInt({ message: DURATION })
  readonly reopenWindowMs: number = 30 * MINUTE;

  /** Whether a repeat of an unchanged alert replies in the thread. */
  @FromVariable('REPEAT_REPLIES')
  @IsIn(['unacked', 'always', 'never'], { message: 'unacked, always or never' })
  readonly repeatReplies: 'unacked' | 'always' | 'never' = 'unacked';

  /** At most one such reply per incident in this many milliseconds. */
  @FromVariable('REPEAT_INTERVAL', parseDuration)
  @Max(YEARS_10, { message: DURATION })
  @IsInt({ message: DURATION })
  readonly repeatIntervalMs: number = 4 * HOUR;

  /** The only channels that senders may name and whose clicks count; empty: any. SLACK_CHANNEL always counts. */
  @FromVariable('SLACK_CHANNELS', list)
  @Matches(CHANNEL_ID, { each: true, message: "channels' ids such as C0123456789, with commas between them" })
  readonly slackChannels: readonly string[] = Object.freeze([]);

  /** How many milliseconds a resolved incident stays in the store, while it is among the latest 100,000. */
  @FromVariable('RETENTION', parseDuration)
  @Max(YEARS_10, { message: DURATION })
  @IsInt({ message: DURATION })
  readonly retentionMs: number = 30 * DAY;

  /** How many milliseconds POST /alert waits for a new thread's ts; 0 never waits. */
  @FromVariable('WEBHOOK_WAIT', parseDuration)
  @Max(MINUTE, { message: 'a duration such as 500ms, 1s or 0, at most 1m' })
  @IsInt({ message: 'a duration such as 500ms, 1s or 0, at most 1m' })
  readonly webhookWaitMs: number = 1_000;

  /** What POST /alert wants as bearer token or password; null: nothing. */
  @FromVariable('WEBHOOK_TOKEN', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^[\x21-\x7e]+$/], { message: TOKEN })
  readonly webhookToken: Secret | null = null;

  /** What calls that change or reveal state want as bearer token; null: they answer loopback clients only. */
  @FromVariable('ADMIN_TOKEN', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^[\x21-\x7e]+$/], { message: TOKEN })
  readonly adminToken: Secret | null = null;

  /** Where silences are made; null: no Silence button. Ends in a slash. */
  @FromVariable('ALERTMANAGER_URL', folderUrl)
  @IsOptional()
  @Validate(HttpUrl, { message: 'an http or https address' })
  @Validate(BareUrl, { message: bareUrl('ALERTMANAGER') })
  readonly alertmanagerUrl: string | null = null;

  /** Who Alertmanager knows us as; null: no basic authentication. Goes with the password. */
  @FromVariable('ALERTMANAGER_USERNAME')
  @IsOptional()
  @Matches(/^[^:\p{Cc}]+$/u, { message: USERNAME })
  readonly alertmanagerUsername: string | null = null;

  /** Password of that user. */
  @FromVariable('ALERTMANAGER_PASSWORD', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^\P{Cc}+$/u], { message: PASSWORD })
  readonly alertmanagerPassword: Secret | null = null;

  /** Bearer token for Alertmanager, instead of a user and a password; null: none is sent. */
  @FromVariable('ALERTMANAGER_TOKEN', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^[\x21-\x7e]+$/], { message: TOKEN })
  readonly alertmanagerToken: Secret | null = null;

  /** The same for alerts that Grafana manages. */
  @FromVariable('GRAFANA_URL', folderUrl)
  @IsOptional()
  @Validate(HttpUrl, { message: 'an http or https address' })
  @Validate(BareUrl, { message: bareUrl('GRAFANA') })
  readonly grafanaUrl: string | null = null;

  /** Who Grafana knows us as; null: no basic authentication. Goes with the password. */
  @FromVariable('GRAFANA_USERNAME')
  @IsOptional()
  @Matches(/^[^:\p{Cc}]+$/u, { message: USERNAME })
  readonly grafanaUsername: string | null = null;

  /** Password of that user. */
  @FromVariable('GRAFANA_PASSWORD', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^\P{Cc}+$/u], { message: PASSWORD })
  readonly grafanaPassword: Secret | null = null;

  /** Bearer token for Grafana, instead of a user and a password; null: none is sent. */
  @FromVariable('GRAFANA_TOKEN', secret)
  @IsOptional()
  @Validate(SecretMatches, [/^[\x21-\x7e]+$/], { message: TOKEN })
  readonly grafanaToken: Secret | null = null;

  /** Open incidents of a channel beyond which further problems of an alertname that has many are counted in one. */
  @FromVariable('MAX_OPEN', number)
  @Max(100_000, { message: MAX_OPEN })
  @Min(100, { message: MAX_OPEN })
  @IsInt({ message: MAX_OPEN })
  readonly maxOpen: number = 5_000;

  /** Slack ids of the people who may act on incidents; with no user groups either, every full member may. */
  @FromVariable('ALLOWED_USERS', list)
  @Matches(/^[UW][A-Z0-9]{2,}$/, { each: true, message: USERS })
  readonly allowedUsers: readonly string[] = Object.freeze([]);

  /** Slack ids of user groups whose members may act on incidents, beside the allowed users. */
  @FromVariable('ALLOWED_USERGROUPS', list)
  @Matches(/^S[A-Z0-9]{2,}$/, { each: true, message: USERGROUPS })
  readonly allowedUsergroups: readonly string[] = Object.freeze([]);

  /** Whether guests and people of other organisations may act too. */
  @FromVariable('ALLOW_EXTERNAL_USERS', boolean)
  @IsBoolean({ message: 'true or false' })
  readonly allowExternalUsers: boolean = false;

  /** Emoji that acknowledges as a reaction. */
  @FromVariable('REACTION_ACK', withoutColons)
  @Matches(/^[a-z0-9_+'-]{1,100}$/, { message: EMOJI })
  readonly reactionAck: string = 'eyes';

  /** Emoji that resolves as a reaction. */
  @FromVariable('REACTION_RESOLVE', withoutColons)
  @Matches(/^[a-z0-9_+'-]{1,100}$/, { message: EMOJI })
  readonly reactionResolve: string = 'white_check_mark';

  /** Emoji that silences as a reaction. */
  @FromVariable('REACTION_SILENCE', withoutColons)
  @Matches(/^[a-z0-9_+'-]{1,100}$/, { message: EMOJI })
  readonly reactionSilence: string = 'no_bell';

  /** Messages per second and channel in the long run. Slack allows about 1. */
  @FromVariable('SLACK_POSTS_PER_SECOND', number)
  @Max(100, { message: 'a number above 0, at most 100' })
  @Min(0.001, { message: 'a number above 0, at most 100' })
  @IsNumber({}, { message: 'a number above 0, at most 100' })
  readonly slackPostsPerSecond: number = 1;

  /** Messages that may go to a channel at once after a pause. */
  @FromVariable('SLACK_POST_BURST', number)
  @Max(100, { message: 'a whole number, 1 to 100' })
  @Min(1, { message: 'a whole number, 1 to 100' })
  @IsInt({ message: 'a whole number, 1 to 100' })
  readonly slackPostBurst: number = 3;

  /** Least important log lines that are written. */
  @FromVariable('LOG_LEVEL')
  @IsIn(LOG_LEVELS, { message: LOG_LEVELS.join(', ') })
  readonly logLevel: (typeof LOG_LEVELS)[number] = 'info';

  /** One JSON object a line, or lines for people. */
  @FromVariable('LOG_FORMAT')
  @IsIn(['json', 'pretty'], { message: 'json or pretty' })
  readonly logFormat: 'json' | 'pretty' = 'json';
}
