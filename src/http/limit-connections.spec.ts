import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../test/support/eventually.js';
import { RawConnection } from '../../test/support/raw-connection.js';
import { limitConnections } from './limit-connections.js';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('limitConnections', () => {
  let server: Server;
  const connections: RawConnection[] = [];
  const connect = async (): Promise<RawConnection> => {
    const connected = once(server, 'connection');
    const connection = await RawConnection.to(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await connected;
    connections.push(connection);
    return connection;
  };
  const ask = async (connection: RawConnection): Promise<void> => {
    const before = connection.received.length;
    connection.send(GET);
    await eventually('an answer', () => connection.received.length > before);
  };

  beforeEach(async () => {
    server = createServer((_request, response) => response.end('ok'));
    limitConnections(server, 3);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.end();
    server.close();
    await once(server, 'close');
  });

  it('ends the connection that said nothing for the longest time', async () => {
    const silent = await connect();
    const second = await connect();
    const third = await connect();
    await ask(await connect());
    await eventually('the silent one to end', () => silent.closed);
    await ask(second);
    await ask(third);
  });

  it('takes a connection with a new request for a young one', async () => {
    const first = await connect();
    const second = await connect();
    await connect();
    await ask(first);
    await ask(await connect());
    await eventually('the second one to end', () => second.closed);
    await ask(first);
  });

  it('counts open connections alone', async () => {
    const kept = await connect();
    for (let i = 0; i < 10; i++) {
      const gone = await connect();
      gone.end();
      await eventually('the server to see it', async () => {
        const count = await new Promise<number>((resolve) => {
          server.getConnections((_error, found) => {
            resolve(found);
          });
        });
        return count === 1;
      });
    }
    await ask(kept);
  });
});
