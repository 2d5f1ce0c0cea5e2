import { Transform } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { parseDuration } from '../config/duration.js';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

const BY = { message: 'by: expected who does it, 1 to 80 characters' };
const TEXT = 1_000;
const DURATION = { message: 'duration: expected a duration such as 30m, 2h or 1d, from 1m to 365d' };
const MATCHERS = { message: 'matchers: expected a list such as ["alertname=\\"DiskFull\\"", "instance=~\\"db.*\\""]' };

const tooLong = (field: string) => ({ message: `${field}: expected a text of at most ${TEXT} characters` });

/** Body of POST /incidents/:id/ack and its like. */
export class CommandBody {
  /** Who does it: shown in the thread and kept in the timeline. */
  @MaxLength(80, BY)
  @Matches(/\S/, BY)
  @IsString(BY)
  readonly by!: string;
}

export class ResolveBody extends CommandBody {
  @IsOptional()
  @MaxLength(TEXT, tooLong('action_taken'))
  @IsString(tooLong('action_taken'))
  readonly action_taken?: string;

  @IsOptional()
  @MaxLength(TEXT, tooLong('root_cause'))
  @IsString(tooLong('root_cause'))
  readonly root_cause?: string;
}

export class SilenceBody extends CommandBody {
  /** From now on. */
  @Transform(({ value }) => (typeof value === 'string' ? parseDuration(value) : NaN))
  @Max(YEAR, DURATION)
  @Min(MINUTE, DURATION)
  @IsInt(DURATION)
  readonly duration!: number;

  /** By default the labels of the incident's thread key. */
  @IsOptional()
  @IsString({ each: true, ...MATCHERS })
  @IsArray(MATCHERS)
  readonly matchers?: readonly string[];

  @IsOptional()
  @MaxLength(TEXT, tooLong('comment'))
  @IsString(tooLong('comment'))
  readonly comment?: string;
}
