// HEALTHCHECK of the image: exit code 0 when the process answers. `docker inspect` shows the line that it prints otherwise.
import { get } from 'node:http';
import { isIP } from 'node:net';

/** Less than HEALTHCHECK's own 5 s, so that the line is told. */
const ANSWER_WITHIN_MS = 4_000;

// What the service itself reads, with its defaults. It listens on all addresses then, and this asks for the loopback one.
const { BIND_HOST = '', BIND_PORT } = process.env;
const everywhere = ['', '0.0.0.0', '::'].includes(BIND_HOST);
const host = everywhere ? '127.0.0.1' : BIND_HOST;
const url = `http://${isIP(host) === 6 ? `[${host}]` : host}:${BIND_PORT || '9009'}/health/live`;

const fail = (why) => {
  process.stdout.write(`${url}: ${why}\n`);
  process.exit(1);
};

get(url, { timeout: ANSWER_WITHIN_MS, agent: false }, (answer) => {
  answer.resume();
  if (answer.statusCode !== 200) fail(`answered ${answer.statusCode}`);
})
  .on('timeout', () => fail(`no answer within ${ANSWER_WITHIN_MS} ms`))
  .on('error', (error) => fail(error.message));
