// port-is-free.mjs HOST PORT: exit code 0 when a service may listen there; else says why not.
import { createServer } from 'node:net';

const [host, port] = process.argv.slice(2);
const WHY = {
  EADDRINUSE: 'another process listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name is not known',
};

const server = createServer();
server.once('error', (error) => {
  console.error(`port ${port} of ${host}: ${WHY[error.code] ?? error.message}`);
  process.exit(1);
});
server.listen(Number(port), host, () => server.close());
