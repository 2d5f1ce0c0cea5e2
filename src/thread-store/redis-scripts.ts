import { SEVERITY_CLASSES } from '../domain/alert.js';
import type { RedisScript } from '../redis/redis-connection.js';

/** Length of the write id before each record's JSON; 1 more for the space. */
export const WRITE_ID = 12;

/** What `CHANGE` answers; else the stored value, or '' for none: somebody was faster. */
export const WRITTEN = 1;
/** Written, and the plain key has to follow. */
export const WRITTEN_MIRROR = 2;

/** Places in KEYS of `CHANGE`. */
export const PLACES = {
  find: 3,
  mirror: 5,
  firing: 7,
  acknowledged: 8,
  resolved: 9,
  severities: 11,
  behind: 12,
  roll: 13,
  leftRoll: 14,
  live: 15,
  folds: 16,
} as const;

const SEVERITIES = SEVERITY_CLASSES.map((name) => `'${name}'`).join(', ');

/**
 * Writes a record over the state that it was made from, with all that leads to it. A second run of the same write
 * changes nothing.
 * KEYS: records due find threads mirror silenced firing acknowledged resolved history severities behind, the roll of the
 *       record's incident, the roll of one that left it, live folds
 * ARGV: field, write id expected, own write id, value ('' removes), due or '', ts or '', '1' to look after its silence,
 *       then pairs: + or - and the place in KEYS, member (of a roll: its id, a blank and its row; of one that left: nothing)
 */
export const CHANGE: RedisScript = {
  name: 'change',
  keys: 16,
  lua: `
local field = ARGV[1]
local stored = redis.call('HGET', KEYS[1], field)
local found = stored and string.sub(stored, 1, ${WRITE_ID}) or ''
if found ~= ARGV[2] then
  if found == ARGV[3] then return ${WRITTEN_MIRROR} end
  return stored or ''
end
if ARGV[4] == '' then redis.call('HDEL', KEYS[1], field) else redis.call('HSET', KEYS[1], field, ARGV[4]) end
if ARGV[5] == '' then redis.call('ZREM', KEYS[2], field) else redis.call('ZADD', KEYS[2], ARGV[5], field) end
local answer = ${WRITTEN}
if (redis.call('HGET', KEYS[4], field) or '') ~= ARGV[6] then
  if ARGV[6] == '' then redis.call('HDEL', KEYS[4], field) else redis.call('HSET', KEYS[4], field, ARGV[6]) end
  redis.call('SADD', KEYS[5], field)
  answer = ${WRITTEN_MIRROR}
end
redis.call(ARGV[7] == '1' and 'SADD' or 'SREM', KEYS[6], field)
for i = 8, #ARGV, 2 do
  local add, at, member = string.sub(ARGV[i], 1, 1) == '+', tonumber(string.sub(ARGV[i], 2)), ARGV[i + 1]
  if at == ${PLACES.find} then
    local others = {}
    for one in string.gmatch(redis.call('HGET', KEYS[at], member) or '', '[^\\n]+') do
      if one ~= field then others[#others + 1] = one end
    end
    if add then others[#others + 1] = field end
    if #others == 0 then
      redis.call('HDEL', KEYS[at], member)
    else
      redis.call('HSET', KEYS[at], member, table.concat(others, '\\n'))
    end
  elseif at == ${PLACES.mirror} then
    redis.call('SADD', KEYS[at], member)
    answer = ${WRITTEN_MIRROR}
  elseif at == ${PLACES.folds} then
    redis.call(add and 'SADD' or 'SREM', KEYS[at], member)
  elseif at == ${PLACES.roll} then
    local id, row = string.match(member, '^(%x+) ?(.*)$')
    if add then redis.call('HSET', KEYS[at], id, row) else redis.call('HDEL', KEYS[at], id) end
  elseif at == ${PLACES.leftRoll} then
    redis.call('UNLINK', KEYS[at])
  elseif add then
    redis.call('ZADD', KEYS[at], 0, member)
  else
    local over = at == ${PLACES.resolved} and member
      or at == ${PLACES.severities} and string.match(member, '^resolved %a+ (.+)$')
    if not over or redis.call('HEXISTS', KEYS[10], over) == 0 then redis.call('ZREM', KEYS[at], member) end
  end
end
return answer`,
};

/** The plain key was brought to this ts ('' for none). Answers 1 when that is still right, else the ts that it should be. */
export const SETTLE: RedisScript = {
  name: 'settle',
  keys: 2, // threads mirror
  lua: `
local ts = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if ts ~= ARGV[2] then return ts end
redis.call('SREM', KEYS[2], ARGV[1])
return 1`,
};

/**
 * Takes a value that nobody can read out of the records and keeps it beside, if it is still the one of this SHA-1.
 * ARGV: field, SHA-1. Answers 1 when it was.
 */
export const SET_ASIDE: RedisScript = {
  name: 'aside',
  keys: 6, // records unreadable due threads mirror silenced
  lua: `
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored or redis.sha1hex(stored) ~= ARGV[2] then return 0 end
local name = ARGV[1]
while redis.call('HEXISTS', KEYS[2], name) == 1 do name = name .. '~' end
redis.call('HSET', KEYS[2], name, stored)
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('SADD', KEYS[5], ARGV[1])
redis.call('SREM', KEYS[6], ARGV[1])
return 1`,
};

/** ARGV: incident id, JSON, when it ended, severity. */
export const ARCHIVE: RedisScript = {
  name: 'archive',
  keys: 4, // history ended resolved severities
  lua: `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
for _, severity in ipairs({${SEVERITIES}}) do
  redis.call('ZREM', KEYS[4], 'resolved ' .. severity .. ' ' .. ARGV[1])
end
redis.call('ZADD', KEYS[4], 0, 'resolved ' .. ARGV[4] .. ' ' .. ARGV[1])
return 1`,
};

/** Forgets some history, the oldest first: what ended by ARGV[1] (`(` before it: earlier than that), at most ARGV[2]. Answers how many. */
export const PRUNE: RedisScript = {
  name: 'prune',
  keys: 5, // history ended resolved find severities
  lua: `
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  if redis.call('HEXISTS', KEYS[4], 'i ' .. id) == 0 then
    redis.call('ZREM', KEYS[3], id)
    for _, severity in ipairs({${SEVERITIES}}) do redis.call('ZREM', KEYS[5], 'resolved ' .. severity .. ' ' .. id) end
  end
end
return #ids`,
};

export const COUNT: RedisScript = {
  name: 'count',
  keys: 6, // firing acknowledged resolved due threads history
  lua: `
return {
  redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[3]),
  redis.call('ZCARD', KEYS[4]), redis.call('HLEN', KEYS[5]), redis.call('HLEN', KEYS[6]),
}`,
};

/**
 * Answers how many incidents there are of each kind in ARGV (`firing critical`), then three values for each channel in
 * which threads are behind: channel, since when, how many. A blank ends kind and channel, and `!` comes right after it.
 */
export const OVERVIEW: RedisScript = {
  name: 'overview',
  keys: 2, // severities behind
  lua: `
local answer = {}
local function count(key, what) return redis.call('ZLEXCOUNT', key, '[' .. what .. ' ', '(' .. what .. '!') end
for _, kind in ipairs(ARGV) do answer[#answer + 1] = count(KEYS[1], kind) end
local from = '-'
while true do
  local first = redis.call('ZRANGEBYLEX', KEYS[2], from, '+', 'LIMIT', 0, 1)[1]
  local channel, since = string.match(first or '', '^([^ ]+) (%d+) ')
  if not channel then return answer end
  answer[#answer + 1] = channel
  answer[#answer + 1] = since
  answer[#answer + 1] = count(KEYS[2], channel)
  from = '[' .. channel .. '!'
end`,
};
