import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { IncidentStatus } from '../domain/incident.js';

const STATUSES = ['firing', 'acknowledged', 'resolved'] as const satisfies readonly IncidentStatus[];
const LIMIT = { message: 'limit: expected a whole number, 1 to 200' };
const CURSOR = { message: 'cursor: expected the next_cursor of the page before' };

/** Query of GET /incidents. */
export class ListIncidentsQuery {
  /** Only incidents in this state. */
  @IsOptional()
  @IsIn(STATUSES, { message: `status: expected ${STATUSES.join(', ')}` })
  readonly status?: IncidentStatus;

  /** At most this many. */
  @Transform(({ value }) => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : NaN))
  @Min(1, LIMIT)
  @Max(200, LIMIT)
  @IsInt(LIMIT)
  readonly limit: number = 50;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @MaxLength(500, CURSOR)
  @IsString(CURSOR)
  readonly cursor?: string;
}
