import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers each POST by what `answer` makes of its body, in the fewest steps that node:http allows, and prints its port. */
export function serveJson(answer: (body: string, request: IncomingMessage) => string | Promise<string>): void {
  const server = createServer((request, response) => {
    let whole: Buffer | null = null;
    request.on('data', (chunk: Buffer) => (whole = whole === null ? chunk : Buffer.concat([whole, chunk])));
    request.on('end', () => void reply(response, answer(whole === null ? '' : whole.toString('utf8'), request)));
  });
  listen(server);
}

async function reply(response: ServerResponse, answer: string | Promise<string>): Promise<void> {
  const body = typeof answer === 'string' ? answer : await answer;
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Answers everything with the same body, without a look at the request. */
export function serveConstant(body: string): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
  listen(createServer((request: IncomingMessage, response) => {
    request.resume();
    response.writeHead(200, headers).end(body);
  }));
}

function listen(server: ReturnType<typeof createServer>): void {
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
}
