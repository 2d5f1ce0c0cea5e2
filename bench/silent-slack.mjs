// A Slack that takes everything at once, and tells when the first call of each message arrived.
import { createServer } from 'node:http';

let ts = 1_700_000_000;
const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    ts += 1;
    const text = `${ts}.000000`;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ ok: true, ts: text, message: { ts: text }, user_id: 'U1', bot_id: 'B1', team_id: 'T1' }),
    );
    if (request.url === '/api/chat.postMessage') {
      const marker = /Latency(\d+)/.exec(Buffer.concat(chunks).toString('utf8'))?.[1];
      process.send?.({ marker, at });
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ msg: 'listening', port: server.address().port })));
