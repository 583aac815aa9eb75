import { isDeepStrictEqual } from 'node:util';
import type { Exchange } from './job.js';

const OK = 200;

/** What is wrong with an answer, or null where it is right. */
export function faultOf(exchange: Exchange, expected: Buffer, status: number, body: Buffer): string | null {
  if (status === OK && (startsWith(body, expected) || isDeepStrictEqual(parsed(body), JSON.parse(exchange.expected)))) return null;
  return `asked ${exchange.body.slice(0, 500)}\nexpected ${exchange.expected.slice(0, 500)}\ngot ${status} ${body.toString('utf8').slice(0, 1000)}`;
}

/** The usual case, without parsing: the bytes are the same, but for a line's end. */
function startsWith(body: Buffer, expected: Buffer): boolean {
  const rest = body.length - expected.length;
  return (rest === 0 || (rest === 1 && body[body.length - 1] === 0x0a)) && body.compare(expected, 0, expected.length, 0, expected.length) === 0;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
