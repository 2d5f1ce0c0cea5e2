import { chmodSync } from 'node:fs';
import { basename } from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/simulator.js';
import { freePort } from '../../support/free-port.js';
import { CHANNEL, SlackChannel } from '../../support/slack-channel.js';
import { TempFolder } from '../../support/temp-folder.js';
import { DEBIAN_TIMEOUT_MS } from './debian-root.js';
import { DebianHost } from './debian-host.js';
import { expectHealth, sendAlert, SETTINGS, STORE } from './installed-service.js';
import { PACK_TIMEOUT_MS, packedRelease, unpack } from './packed-release.js';

const STEP_TIMEOUT_MS = 180_000;
const UNIT = '/etc/systemd/system/alert-threader.service';
const DROP_IN = `${UNIT}.d/override.conf`;

/** A unit as the Python version had it. */
const EARLIER_UNIT = `[Service]
ExecStart=/bin/sleep infinity
[Install]
WantedBy=multi-user.target
`;

describe('a host that has the earlier version, with its drop-in', () => {
  let shared: TempFolder;
  let simulator: Simulator;
  let host: DebianHost;
  let port: number;
  let installer: string;

  beforeAll(async () => {
    shared = new TempFolder();
    chmodSync(shared.path, 0o755);
    installer = `/mnt/${basename(await unpack(await packedRelease(), shared.path))}/install.sh`;
    simulator = await startSimulator({ pace: 'off' });
    port = await freePort();
    host = await DebianHost.boot(shared.path);
    await host.sh(`cat > ${UNIT}`, { input: EARLIER_UNIT });
    const dropIn = [
      '[Service]',
      `Environment=SLACK_BOT_TOKEN=${simulator.botToken}`,
      `Environment=SLACK_CHANNEL=${CHANNEL}`,
      `Environment=SLACK_API_URL=${simulator.apiUrl} BIND_HOST=127.0.0.1 BIND_PORT=${port}`,
      'Environment=ENVIRONMENT=production',
      'Environment=THREAD_STORE=file',
      `Environment=THREAD_STORE_FILE=${STORE}`,
    ].join('\n');
    await host.sh(`mkdir -p ${UNIT}.d && cat > ${DROP_IN} && systemctl daemon-reload`, { input: dropIn });
    await host.sh('systemctl enable --quiet --now alert-threader');
  }, DEBIAN_TIMEOUT_MS + PACK_TIMEOUT_MS);
  afterAll(async () => {
    await host.shutDown();
    await simulator.close();
    shared.remove();
  }, STEP_TIMEOUT_MS);

  it(
    'needs no question: the settings of the drop-in go on',
    async () => {
      const { code, text } = await host.run([installer]);
      expect(text).toMatch(/Release .* runs: healthy/);
      expect(text).toContain(`The unit that was there is now ${UNIT}.earlier`);
      expect(text).toContain('SLACK_BOT_TOKEN is set in /etc/systemd/system/alert-threader.service.d');
      expect(text).not.toContain(simulator.botToken);
      expect(code).toBe(0);
      const health = await expectHealth(port, 'healthy');
      expect(health).toMatchObject({ environment: 'production', channel: CHANNEL, thread_store: 'file' });
      expect(await host.sh(`cat ${UNIT}.earlier`)).toBe(EARLIER_UNIT.trimEnd());
      expect(await host.sh(`grep -c '^[A-Z]' ${SETTINGS} || true`)).toBe('0');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    "answers the manual's commands",
    async () => {
      expect(await host.sh('systemctl show alert-threader --property=Environment')).toContain('ENVIRONMENT=production');
      expect(await host.sh('journalctl -u alert-threader -o cat --no-pager')).toContain('"msg":"listening"');
      expect(await host.sh(`curl -s http://localhost:${port}/cache`)).toContain('"cached_threads":0');
    },
    STEP_TIMEOUT_MS,
  );

  it(
    'is restored by a copy over the file and a restart',
    async () => {
      const channel = new SlackChannel(simulator);
      await sendAlert(port, 'firing', 'Restored');
      const thread = await channel.expectThread('🚨 Restored happened');
      await host.sh(`mkdir /backup && cp ${STORE} /backup/threads.json`);
      await host.sh(`curl -s -X DELETE http://localhost:${port}/cache`);
      await host.sh(`cp /backup/threads.json ${STORE} && systemctl restart alert-threader`);
      await expectHealth(port, 'healthy');
      await sendAlert(port, 'resolved', 'Restored');
      await thread.expectReply('RESOLVED');
      await channel.wait('no other thread', () => channel.roots().length === 1);
    },
    STEP_TIMEOUT_MS,
  );
});
