import type { RedisScript } from '../redis/redis-connection.js';

/** Buckets that nobody used for a day are forgotten: by then they are full. Milliseconds. */
const FORGET_MS = 86_400_000;

/**
 * KEYS: the time until which everything is closed, then the buckets. ARGV: 1 for what a person did, else 0; then rate,
 * burst and kept tokens of each bucket. Takes from all buckets or from none. Returns milliseconds: the wait (0: taken),
 * and how long others and people have to wait from now on.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local all = math.max(0, tonumber(redis.call('GET', KEYS[1]) or '0') - now)
local buckets = {}
for i = 2, #KEYS do
  local rate, burst, kept = tonumber(ARGV[3 * i - 4]), tonumber(ARGV[3 * i - 3]), tonumber(ARGV[3 * i - 2])
  local stored = redis.call('HMGET', KEYS[i], 'tokens', 'at', 'closed')
  local passed = math.max(0, now - tonumber(stored[2] or now))
  buckets[i] = {
    rate = rate, burst = burst, kept = kept,
    tokens = math.min(burst, tonumber(stored[1] or burst) + passed / 1000 * rate),
    closed = math.max(0, tonumber(stored[3] or '0') - now),
  }
end
local function wait(forPeople)
  local longest = all
  for i = 2, #KEYS do
    local bucket = buckets[i]
    local wanted = forPeople and 1 or 1 + bucket.kept
    local missing = 0
    if bucket.tokens < wanted - 0.000001 then missing = (wanted - bucket.tokens) / bucket.rate * 1000 end
    longest = math.max(longest, bucket.closed, missing)
  end
  return math.ceil(longest)
end
local waited = wait(ARGV[1] == '1')
if waited == 0 then
  for i = 2, #KEYS do
    local bucket = buckets[i]
    bucket.tokens = bucket.tokens - 1
    redis.call('HSET', KEYS[i], 'tokens', string.format('%.6f', bucket.tokens), 'at', string.format('%.3f', now))
    redis.call('PEXPIRE', KEYS[i], ${FORGET_MS})
  end
end
return { waited, wait(false), wait(true) }
`;

export const takeOf = (buckets: number): RedisScript => ({
  name: buckets === 1 ? 'paceTakeOne' : 'paceTakeTwo',
  lua: TAKE,
  keys: 1 + buckets,
});

/** KEYS: one bucket. ARGV: its burst. Gives a token back. */
export const REFUND: RedisScript = {
  name: 'paceRefund',
  keys: 1,
  lua: `
local tokens = redis.call('HGET', KEYS[1], 'tokens')
if tokens then
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', math.min(tonumber(ARGV[1]), tonumber(tokens) + 1)))
end
`,
};

/** KEYS: one bucket. ARGV: for how many milliseconds; its rate, burst and kept tokens. After it, one call and those kept. */
export const CLOSE: RedisScript = {
  name: 'paceClose',
  keys: 1,
  lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local rate, burst, kept = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'closed')
local passed = math.max(0, now - tonumber(stored[2] or now))
local tokens = math.min(burst, tonumber(stored[1] or burst) + passed / 1000 * rate, 1 + kept)
local closed = math.max(tonumber(stored[3] or '0'), now + tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.3f', now),
  'closed', string.format('%.3f', closed))
redis.call('PEXPIRE', KEYS[1], ${FORGET_MS})
`,
};

/** KEYS: the time until which everything is closed. ARGV: for how many milliseconds; 0 opens. */
export const CLOSE_ALL: RedisScript = {
  name: 'paceCloseAll',
  keys: 1,
  lua: `
if tonumber(ARGV[1]) <= 0 then return redis.call('DEL', KEYS[1]) end
local time = redis.call('TIME')
local closed = time[1] * 1000 + time[2] / 1000 + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.3f', closed), 'PX', math.ceil(tonumber(ARGV[1])))
`,
};
