import type { RedisModuleOptions } from '@nestjs-modules/ioredis';
import type { RedisOptions } from 'ioredis';
import type { RedisAddress } from '../config/redis-address.js';

/** A command without an answer fails after this many milliseconds: who waits is told within a second. */
const COMMAND_TIMEOUT_MS = 800;
const CONNECT_TIMEOUT_MS = 2_000;
/** A connection that says nothing for so long while it is asked is given up. */
const SOCKET_TIMEOUT_MS = 3_000;
/** Who closes a connection waits for the other side this long; its timer keeps a process alive. */
const DISCONNECT_TIMEOUT_MS = 200;
const RECONNECT = { stepMs: 200, mostMs: 1_500 };
/** In a Cluster a command looks for its node this often, this many milliseconds apart. */
const REDIRECTIONS = { most: 3, everyMs: 100 };

const reconnectAfter = (times: number): number => Math.min(times * RECONNECT.stepMs, RECONNECT.mostMs);

/** Nothing waits for Redis, and nothing is sent twice without our knowing. */
const FAIL_FAST = {
  lazyConnect: true, // until somebody listens for its errors
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // A master that became a replica: connect again, to the new one.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

const login = ({ username, password }: RedisAddress): Pick<RedisOptions, 'username' | 'password'> => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
});

/** How the client connects, for each form of REDIS_URL. */
export const clientOptions = (address: RedisAddress): RedisModuleOptions => {
  const single = { ...FAIL_FAST, ...login(address), enableOfflineQueue: false, retryStrategy: reconnectAfter };
  switch (address.kind) {
    case 'single': {
      const [{ host, port }] = address.hosts;
      const { db, tls } = address;
      return { type: 'single', options: { ...single, host, port, db, ...(tls && { tls: {} }) } };
    }
    case 'sentinel': {
      const { hosts, master: name, db, sentinelPassword } = address;
      const sentinels = hosts.map((one) => ({ ...one }));
      return {
        type: 'single',
        options: {
          ...single,
          sentinels,
          name,
          db,
          ...(sentinelPassword !== undefined && { sentinelPassword }),
          sentinelRetryStrategy: reconnectAfter,
          sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
          failoverDetector: true, // a master that hangs does not close its connections
        },
      };
    }
    case 'cluster':
      return {
        type: 'cluster',
        nodes: address.hosts.map((one) => ({ ...one })),
        options: {
          lazyConnect: true,
          enableOfflineQueue: false,
          clusterRetryStrategy: reconnectAfter,
          maxRedirections: REDIRECTIONS.most,
          retryDelayOnFailover: REDIRECTIONS.everyMs,
          retryDelayOnClusterDown: REDIRECTIONS.everyMs,
          retryDelayOnTryAgain: REDIRECTIONS.everyMs,
          slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
          slotsRefreshInterval: 10_000,
          redisOptions: { ...FAIL_FAST, ...login(address) },
        },
      };
  }
};
