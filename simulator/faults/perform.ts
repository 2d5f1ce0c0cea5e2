import { rateLimited, SlackError, type Reply } from '../web-api/answer.js';
import type { Exchange } from './exchange.js';
import type { CallFault } from './fault.js';

/** Does to the call what the fault says, and writes what became of it into the call log. */
export async function perform(fault: CallFault, exchange: Exchange): Promise<void> {
  const { call } = exchange;
  call.fault = fault.kind;
  switch (fault.kind) {
    case 'rate-limit':
      call.outcome = 'ratelimited';
      exchange.send(rateLimited(fault.retryAfter === undefined ? 1 : fault.retryAfter));
      return;
    case 'error':
      call.outcome = fault.code;
      exchange.send(new SlackError(fault.code, fault.hints).toReply());
      return;
    case 'http':
      if (fault.accept) exchange.accept();
      call.outcome = `http_${fault.status}`;
      exchange.sendRaw(fault.status, 'text/plain', 'upstream request failed');
      return;
    case 'html':
      if (fault.accept) exchange.accept();
      call.outcome = 'html';
      exchange.sendRaw(200, 'text/html', '<!doctype html><title>Sign in</title><p>Please sign in to the proxy.</p>');
      return;
    case 'reset-before':
      call.outcome = 'reset';
      exchange.reset();
      return;
    case 'reset-after':
      exchange.accept();
      call.outcome = 'reset';
      exchange.reset();
      return;
    case 'hang':
      call.outcome = 'hang';
      return;
    case 'late-accept':
      await acceptLate(fault, exchange);
      return;
    case 'slow':
      await answerSlowly(fault, exchange);
      return;
    case 'broken-body': {
      const body = bodyOf(exchange, fault.accept ?? true);
      call.outcome = 'broken_body';
      exchange.sendRaw(200, 'application/json', body.slice(0, Math.ceil(body.length / 2)), body.length);
      return;
    }
    case 'stalled-body': {
      const body = bodyOf(exchange, fault.accept ?? true);
      call.outcome = 'stalled_body';
      exchange.sendRaw(200, 'application/json', '', body.length);
    }
  }
}

async function acceptLate(fault: Extract<CallFault, { kind: 'late-accept' }>, exchange: Exchange): Promise<void> {
  exchange.call.outcome = 'late';
  if (fault.answer === 'reset') exchange.reset();
  await exchange.delay(fault.delayMs);
  exchange.accept();
  exchange.call.outcome = 'late';
  exchange.reset();
}

async function answerSlowly(fault: Extract<CallFault, { kind: 'slow' }>, exchange: Exchange): Promise<void> {
  const early: Reply | undefined = fault.accept === 'after' ? undefined : exchange.accept();
  await exchange.delay(fault.delayMs);
  exchange.send(early ?? exchange.accept());
}

/** The body that would be sent; without the effect, one that looks the same to somebody who sees half of it. */
function bodyOf(exchange: Exchange, accept: boolean): string {
  return JSON.stringify(accept ? exchange.accept().body : { ok: true, channel: exchange.call.channel, ts: '' });
}
