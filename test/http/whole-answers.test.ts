import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from '../../src/http/answer.js';
import { WholeAnswers, WholeResponse } from '../../src/http/whole-answers.js';
import { exchange } from './toy-server.js';

const TYPE = 'application/json; charset=utf-8';

/** What came back on one connection, and how many of the answers were sent whole. */
interface Outcome {
  readonly received: string;
  readonly whole: number;
}

interface Circumstances {
  readonly http?: string;
  /** The times at which answers are sent; the last holds on. */
  readonly times?: readonly number[];
  readonly types?: readonly string[];
  readonly before?: (response: WholeResponse, i: number) => void;
}

const running: Server[] = [];

afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

/** Sends the replies, each to one of as many requests that were pipelined on one connection. */
async function sendAll(replies: readonly Reply[], { http = '1.1', times = [0], types = [TYPE], before }: Circumstances = {}): Promise<Outcome> {
  let whole = 0;
  class Watched<Request extends IncomingMessage = IncomingMessage> extends WholeResponse<Request> {
    override endWhole(headAndBody: string): void {
      whole += 1;
      super.endWhole(headAndBody);
    }
  }
  let sent = 0;
  const answers = new WholeAnswers(() => times[Math.min(sent, times.length - 1)]!);
  const server = createServer({ ServerResponse: Watched, keepAliveTimeout: 65_000 }, (request, response) => {
    request.resume();
    before?.(response, sent);
    answers.send(response, `id-${sent}`, replies[sent]!, types[sent % types.length]!);
    sent += 1;
    if (sent === replies.length) response.on('close', () => setImmediate(() => server.closeAllConnections()));
  });
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const request = `POST / HTTP/${http}\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}`;
  return { received: await exchange(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, request.repeat(replies.length)), whole };
}

function reply(body: string, differing: Partial<Reply> = {}): Reply {
  return { status: 200, headers: [], body, ...differing };
}

/** One after the other, without what is to differ between them. */
function alike(received: string): string[] {
  const answers = received.split(/(?=HTTP\/1\.1 )/);
  return answers.map((answer) => answer.replace(/id-\d+/, 'ID').replace(/\r\ncontent-length: \d+\r\n/, '\r\ncontent-length: LENGTH\r\n').replace(/\r\n\r\n[^]*$/, ''));
}

describe('an answer that is sent whole', () => {
  it('has the head that Node wrote for the one before it, with its own id, length and body', async () => {
    const { received, whole } = await sendAll([reply('{"a":1}'), reply('{"b":"twenty-two"}'), reply('')]);
    expect(whole).toBe(2);
    const [first, ...others] = alike(received);
    expect(others).toEqual([first, first]);
    expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\nDate: .*\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65$/s);
    expect(received).toMatch(/x-request-id: id-1\r\ncontent-length: 18\r\n.*\r\n\r\n\{"b":"twenty-two"\}HTTP.*x-request-id: id-2\r\ncontent-length: 0\r\n/s);
  });

  it('is told from one of another content type', async () => {
    const { received, whole } = await sendAll([reply('1'), reply('2'), reply('3'), reply('4')], { types: [TYPE, 'text/plain'] });
    expect(whole).toBe(2);
    expect(received.match(/content-type: .*/g)).toEqual([TYPE, 'text/plain', TYPE, 'text/plain'].map((type) => `content-type: ${type}`));
  });

  it('has the date of its own second', async () => {
    const times = [0, 999, 1000, 1500];
    expect((await sendAll([reply('1'), reply('2'), reply('3'), reply('4')], { times })).whole).toBe(2);
  });
});

describe('Node writes the head of an answer', () => {
  it.each<[string, Reply]>([
    ['with another status', reply('{}', { status: 401 })],
    ['with a header of its own', reply('{}', { headers: [['retry-after', '1']] })],
    ['whose body is more bytes than characters', reply('{"name":"Zoë"}')],
  ])('%s', async (_what, other) => {
    const { received, whole } = await sendAll([reply('1'), other, reply('3')]);
    expect(whole).toBe(1);
    expect(received).toContain(`HTTP/1.1 ${other.status} `);
    expect(received).toContain(`content-length: ${Buffer.byteLength(other.body)}\r\n`);
    expect(received).toContain(`\r\n\r\n${other.body}HTTP/1.1 200 OK`);
    for (const [name, value] of other.headers) expect(received).toContain(`${name}: ${value}\r\n`);
  });

  it('after which the connection is closed', async () => {
    const closing = await sendAll([reply('1'), reply('2')], { before: (response, i) => void (i === 1 && response.setHeader('connection', 'close')) });
    expect(closing.whole).toBe(0);
    expect(closing.received.match(/connection: .*/gi)).toEqual(['Connection: keep-alive', 'connection: close']);
    const old = await sendAll([reply('1')], { http: '1.0' });
    expect(old).toEqual({ whole: 0, received: expect.stringContaining('Connection: close') });
  });
});
