export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** Where Redis is: one server, a master that Sentinels know by name, or some nodes of a Cluster. */
export type RedisAddress = Login &
  (
    | { readonly kind: 'single'; readonly hosts: readonly [RedisHost]; readonly db: number; readonly tls: boolean }
    | {
        readonly kind: 'sentinel';
        readonly hosts: readonly RedisHost[];
        readonly master: string;
        readonly db: number;
        readonly sentinelPassword?: string;
      }
    | { readonly kind: 'cluster'; readonly hosts: readonly RedisHost[] }
  );

const FORM =
  /^(?<scheme>rediss?|redis\+sentinel|redis\+cluster):\/\/(?:(?<login>[^@\s]*)@)?(?<hosts>[^/@?#\s]+)(?<path>\/[^?#\s]*)?(?:\?sentinel_password=(?<sentinel>[^?#&\s]+))?$/;
const HOST = /^(?<host>\[[\da-fA-F:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/;
const DB = /^\d{1,5}$/;
const PORTS = { single: 6_379, sentinel: 26_379, cluster: 6_379 };

/**
 * Reads REDIS_URL:
 * - `redis://[user:password@]host[:port][/<db>]`, `rediss://…` with TLS
 * - `redis+sentinel://[:password@]host:port[,host:port…]/<master name>[/<db>][?sentinel_password=…]`; the first password
 *   is Redis', the second one the Sentinels'
 * - `redis+cluster://[user:password@]host:port[,host:port…]`
 * @returns undefined where it is none of these
 */
export const parseRedisUrl = (text: string): RedisAddress | undefined => {
  const { scheme = '', login, hosts: list = '', path = '', sentinel } = FORM.exec(text)?.groups ?? {};
  if (scheme === '') return undefined;
  const kind = scheme === 'redis+sentinel' ? 'sentinel' : scheme === 'redis+cluster' ? 'cluster' : 'single';
  if (sentinel !== undefined && kind !== 'sentinel') return undefined;
  const hosts = list.split(',').map((item) => hostOf(item, PORTS[kind]));
  const who = loginOf(login);
  if (!allThere(hosts) || who === undefined) return undefined;
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop(); // a slash at the end means nothing

  if (kind === 'cluster') return parts.length === 0 ? { kind, hosts, ...who } : undefined;
  const [master = '', ...rest] = kind === 'sentinel' ? parts : ['-', ...parts];
  const [db = '0', ...more] = rest;
  if (master === '' || more.length > 0 || !DB.test(db)) return undefined;
  if (kind === 'sentinel') {
    const name = decoded(master);
    const password = decoded(sentinel ?? '');
    if (name === undefined || password === undefined) return undefined;
    return {
      kind,
      hosts,
      master: name,
      db: Number(db),
      ...who,
      ...(password !== '' && { sentinelPassword: password }),
    };
  }
  const [host, ...others] = hosts;
  if (host === undefined || others.length > 0) return undefined;
  return { kind, hosts: [host], db: Number(db), tls: scheme === 'rediss', ...who };
};

const hostOf = (text: string, standard: number): RedisHost | undefined => {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  if (host === undefined || Number(port ?? standard) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? standard) };
};

const allThere = <T>(list: readonly (T | undefined)[]): list is readonly T[] => !list.includes(undefined);

/** `user:password`, `:password`, or `user` alone, each with %XX for what an address can't hold. */
const loginOf = (text: string | undefined): Login | undefined => {
  if (text === undefined || text === '') return {};
  const colon = text.indexOf(':');
  const username = decoded(colon < 0 ? text : text.slice(0, colon));
  const password = decoded(colon < 0 ? '' : text.slice(colon + 1));
  if (username === undefined || password === undefined) return undefined;
  return { ...(username !== '' && { username }), ...(password !== '' && { password }) };
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
