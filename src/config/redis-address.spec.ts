import { parseRedisUrl, type RedisAddress } from './redis-address.js';

describe('parseRedisUrl', () => {
  it.each<[string, RedisAddress]>([
    ['redis://localhost', { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], db: 0, tls: false }],
    ['redis://localhost:6379/0', { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], db: 0, tls: false }],
    ['redis://[::1]:7000/', { kind: 'single', hosts: [{ host: '::1', port: 7000 }], db: 0, tls: false }],
    [
      'rediss://me:p%40ss%2F@r.example.com/12',
      {
        kind: 'single',
        hosts: [{ host: 'r.example.com', port: 6379 }],
        db: 12,
        tls: true,
        username: 'me',
        password: 'p@ss/',
      },
    ],
    ['redis://:p:q@h', { kind: 'single', hosts: [{ host: 'h', port: 6379 }], db: 0, tls: false, password: 'p:q' }],
    [
      'redis+sentinel://:pass@s1:26380,s2,[::1]:1/my%20master/3',
      {
        kind: 'sentinel',
        hosts: [
          { host: 's1', port: 26380 },
          { host: 's2', port: 26379 },
          { host: '::1', port: 1 },
        ],
        master: 'my master',
        db: 3,
        password: 'pass',
      },
    ],
    [
      'redis+sentinel://:pass@s/m?sentinel_password=p%40ss',
      {
        kind: 'sentinel',
        hosts: [{ host: 's', port: 26379 }],
        master: 'm',
        db: 0,
        password: 'pass',
        sentinelPassword: 'p@ss',
      },
    ],
    ['redis+sentinel://s/m', { kind: 'sentinel', hosts: [{ host: 's', port: 26379 }], master: 'm', db: 0 }],
    [
      'redis+cluster://u:p@a:7001,b:7002/',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 7001 },
          { host: 'b', port: 7002 },
        ],
        username: 'u',
        password: 'p',
      },
    ],
  ])('%s', (url, address) => {
    expect(parseRedisUrl(url)).toEqual(address);
  });

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a,b',
    'redis://a:70000',
    'redis://a:port',
    'redis://a/db',
    'redis://a/1/2',
    'redis://a?db=1',
    'redis://a?sentinel_password=x',
    'redis+sentinel://a/m?sentinel_password=',
    'redis+sentinel://a/m?sentinel_password=%zz',
    'redis://a b',
    'redis://%zz@a',
    'redis+sentinel://a:1',
    'redis+sentinel://a:1,/m',
    'redis+sentinel://a/m/x',
    'redis+cluster://a:1,b:2/1',
  ])('refuses %s', (url) => {
    expect(parseRedisUrl(url)).toBeUndefined();
  });
});
