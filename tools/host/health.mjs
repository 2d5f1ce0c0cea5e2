// health.mjs URL: exit code 0 when the service there takes alerts; prints its status, and what Slack refuses.
const [url] = process.argv.slice(2);
const ask = (path) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(5_000) });

try {
  const ready = await ask('/health/ready');
  if (!ready.ok) process.exit(1);
  const { status, details = {} } = await (await ask('/health')).json();
  const down = Object.entries(details).filter(([, part]) => part.status !== 'up');
  console.log(
    [status, ...down.map(([name, part]) => `${name}: ${part.error ?? part.message ?? part.status}`)].join('; '),
  );
} catch {
  process.exit(1); // it does not listen yet
}
