// `npm run demo`: the service with a local Slack workspace, and a short story to watch. Plain Node, any from 18.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhatIsOld } from './demo/build.mjs';
import { Children } from './demo/children.mjs';
import { root } from './demo/paths.mjs';
import { startServices } from './demo/services.mjs';
import { playStory } from './demo/story.mjs';
import { bold, dim, say } from './demo/terminal.mjs';

const HELP = `Alert Threader with a local Slack workspace, and a short story to watch.

  npm run demo [-- options]

  --quiet            play no story: only the addresses
  --port <n>         first port to try for the service, default 9009; a taken one is stepped over
  --slack-port <n>   the same for the Slack page, default 4000
  --pace <factor>    times the pauses of the story, default 1; 0.1 is fast, 0 has none
  --patience <s>     seconds to wait for your click before somebody else clicks,
                     default 120, or 10 where the output is no terminal
  --help
`;

const OPTIONS = {
  quiet: { type: 'boolean', default: false },
  port: { type: 'string', default: '9009' },
  'slack-port': { type: 'string', default: '4000' },
  pace: { type: 'string', default: '1' },
  patience: { type: 'string', default: process.stdout.isTTY ? '120' : '10' },
  help: { type: 'boolean', default: false },
};

const options = readOptions();
if (options.help) process.stdout.write(HELP);
else process.exit(await demo(options));

/** Runs until a signal or the end of a child. Resolves with the exit code. */
async function demo({ quiet, port, slackPort, pace, patience }) {
  const ending = new AbortController();
  const { signal } = ending;
  // Ctrl-C under npm arrives twice, from the terminal and from npm: what comes after the first changes nothing.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ending.abort());
  const children = new Children((death) => ending.abort(death));
  let problem;
  try {
    await buildWhatIsOld(signal);
    const services = await startServices(children, { port, slackPort, signal });
    introduce(services);
    if (!quiet) {
      await playStory(services, { pace, patience, signal });
      say('', 'That was the story. All goes on running, and the buttons work. Ctrl-C ends it.');
    } else say('Ctrl-C ends it.');
    await aborted(signal);
  } catch (error) {
    problem = signal.aborted ? undefined : error;
  }
  // The reason of an abort is an error of ours (a child died) or none in particular (a signal).
  if (signal.reason?.name !== 'AbortError') problem ??= signal.reason;
  if (problem === undefined) say('', 'stopping …');
  else process.stderr.write(`\n${problem.message}\n`);
  await children.stop();
  return problem === undefined ? 0 : 1;
}

function introduce({ pageUrl, serviceUrl, alertmanagerUrl, logFile }) {
  say(
    '',
    `  Slack page   ${bold(pageUrl)}`,
    `  service      ${bold(serviceUrl)}  ${dim(`its API: ${serviceUrl}/docs, its log: ${relative(root, logFile)}`)}`,
    `  silences     ${bold(`${alertmanagerUrl}/api/v2/silences`)}  ${dim('a stand-in for Alertmanager, where 🔕 Silence makes them')}`,
    '',
    'An alert of your own, to paste into another terminal (with "status": "resolved" it is over):',
    '',
    curl(serviceUrl),
    '',
  );
}

function curl(serviceUrl) {
  return `curl -X POST ${serviceUrl}/alert \\
  -H 'Content-Type: application/json' \\
  -d '{
    "status": "firing",
    "alerts": [
      {
        "labels": {
          "alertname": "TestCritical",
          "severity": "critical",
          "service": "database",
          "cluster": "production",
          "instance": "db01.example.com"
        },
        "annotations": {
          "summary": "Database Critical Failure",
          "description": "MySQL connection completely failed",
          "runbook_url": "https://docs.example.com/runbooks/db-failure"
        },
        "startsAt": "2024-01-15T14:30:25Z"
      }
    ]
  }'`;
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const { quiet, help } = values;
    const number = (name, least, most) => {
      const value = Number(values[name]);
      if (values[name].trim() !== '' && value >= least && value <= most) return value;
      throw new Error(`--${name} wants a number from ${least} to ${most}`);
    };
    const port = number('port', 1, 65535);
    const slackPort = number('slack-port', 1, 65535);
    const [pace, patience] = [number('pace', 0, 100), number('patience', 0, 86_400)];
    return { quiet, help, port, slackPort, pace, patience };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', resolve, { once: true });
  });
}
