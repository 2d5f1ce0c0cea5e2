import { once } from 'node:events';
import { connect } from 'node:net';
import { startSimulator, type Simulator } from '../../simulator/simulator.js';
import { NO_PACE, withSlack } from '../support/service-environment.js';
import { endServices, startService, type ServiceProcess } from '../support/service-process.js';
import { SlackChannel } from '../support/slack-channel.js';

const webhook = (name: string) =>
  JSON.stringify({ status: 'firing', alerts: [{ labels: { alertname: name }, annotations: { summary: name } }] });

describe('a process that was paused', () => {
  let simulator: Simulator;
  let service: ServiceProcess;

  beforeEach(async () => {
    simulator = await startSimulator({ pace: 'off' });
    service = await startService({ env: withSlack(simulator, NO_PACE) });
  });
  afterEach(async () => {
    await endServices();
    await simulator.close();
  });

  /** A sender that gives up, as Alertmanager does after its time-out. */
  const sendAndGiveUp = async (body: string): Promise<void> => {
    const { port } = new URL(service.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /alert HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}`;
    await new Promise<void>((resolve) =>
      socket.write(`${head}\r\n\r\n${body}`, () => {
        resolve();
      }),
    );
    socket.destroy();
  };

  it('leaves the webhooks of senders that gave up alone, and takes those of senders that wait', async () => {
    const channel = new SlackChannel(simulator);
    const since = Date.now();
    process.kill(service.pid, 'SIGSTOP');
    await sendAndGiveUp(webhook('Gone'));
    const waiting = service.post('/alert', JSON.parse(webhook('Waiting')));
    // not for the outcome of anything: the process is to be paused for so long
    await new Promise((resolve) => setTimeout(resolve, 2_500 - (Date.now() - since)));
    process.kill(service.pid, 'SIGCONT');
    expect((await waiting).status).toBe(200);
    await channel.expectThread('ℹ️ Waiting');
    expect(service.log.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/^webhook left alone: its sender/));
    await channel.expectNothingElse(service);
  });
});
