import { loadConfig } from '../config/load-config.js';
import { createLogger } from './create-logger.js';

const logger = (environment: Record<string, string>) => {
  const lines: string[] = [];
  const config = loadConfig({ SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_CHANNEL: 'C0123456789', ...environment });
  return { lines, logger: createLogger(config, (line) => lines.push(line)) };
};

describe('createLogger', () => {
  it('writes a JSON object a line', () => {
    const { lines, logger: log } = logger({});
    log.info({ threadKey: 'a|b' }, 'thread opened');
    log.debug({}, 'not written');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, msg: 'thread opened', threadKey: 'a|b' });
    expect(lines[0]?.endsWith('\n')).toBe(true);
  });

  it('writes lines for people', () => {
    const { lines, logger: log } = logger({ LOG_FORMAT: 'pretty', LOG_LEVEL: 'debug' });
    log.debug({ threadKey: 'a|b', n: 3, text: 'two words' }, 'thread opened');
    log.error({ err: new Error('broken') }, 'request failed');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} DEBUG thread opened threadKey=a\|b n=3 text="two words"\n$/);
    expect(lines[1]).toMatch(/ERROR request failed\n {2}Error: broken\n {4}.* at /);
  });

  it('shows no part of a token that was cut', () => {
    const WEBHOOK_TOKEN = 'correct-"horse"-battery\\staple-é'.replace('é', 'e');
    const { lines, logger: log } = logger({ WEBHOOK_TOKEN, REDIS_URL: 'redis://:passphrase-of-redis@h/0' });
    for (let length = 8; length < WEBHOOK_TOKEN.length; length++) {
      log.warn({ error: `got "${WEBHOOK_TOKEN.slice(0, length)}…" there` }, 'request refused');
    }
    log.warn({ error: 'redis://:passphrase-of-r…' }, 'request refused');
    expect(lines.join('')).not.toMatch(/correct-|passphrase/);
    expect(lines.join('')).toContain('got \\"[secret]…\\" there');
    log.warn({ error: 'correct-but another' }, 'request refused');
    expect(lines.at(-1)).toContain('correct-but another');
  });

  it.each(['json', 'pretty'])('shows no token (%s)', (LOG_FORMAT) => {
    const tokens = { WEBHOOK_TOKEN: 'p"\\w+[x', ADMIN_TOKEN: 'admin-1', REDIS_URL: 'redis://u:pass@h/0' };
    const { lines, logger: log } = logger({ LOG_FORMAT, ...tokens });
    const all = ['xoxb-1-abc', 'xapp-9-9', 'xoxe.xoxb-1-zz', 'xoxp-7', ...Object.values(tokens)];
    log.info({ all, nested: { headers: { authorization: `Bearer ${all.join(' ')}` } } }, `message ${all.join(' ')}`);
    log.error({ err: new Error(all.join(' ')) }, 'failed');
    const text = lines.join('');
    for (const token of all) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(JSON.stringify(token).slice(1, -1));
    }
    expect(text).toContain('[secret]');
  });
});
