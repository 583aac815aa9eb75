import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type MaybePromise, whenKnown } from '../domain/maybe-promise.js';
import { AppError } from '../errors.js';
import type { ErrorCode } from '../errors.js';
import { valuesOf } from './raw-headers.js';

/** A refusal of the request as HTTP, with a status that the error's code alone does not give. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    readonly error: AppError,
  ) {
    super(error.message, { cause: error });
    this.name = 'HttpRefusal';
  }
}

/** The client went away before its request was complete: there is nobody to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}

/**
 * The request's body as a JSON object, of at most `maxBytes`. Refuses with an HttpRefusal: 415 for all but plain UTF-8
 * application/json, 413 for more bytes than that, 400 for what is not a JSON object. At once where all of it has come.
 */
export function readJsonObject(request: IncomingMessage, response: ServerResponse, maxBytes: number): MaybePromise<object> {
  requirePlainJson(request);
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > maxBytes) throw tooLarge(maxBytes);
  if (request.headers.expect !== undefined) response.writeContinue();
  if (request.destroyed) throw new RequestAborted();
  return whenKnown(request.complete ? atHand(request, maxBytes) : collect(request, maxBytes), parseObject);
}

function requirePlainJson(request: IncomingMessage): void {
  const contentTypes = valuesOf('content-type', request.rawHeaders);
  if (contentTypes.length !== 1 || !isPlainJson(contentTypes[0] ?? '')) {
    throw refuse(415, 'BAD_USER_INPUT', 'Send the request as Content-Type: application/json, in UTF-8.');
  }
  const encodings = valuesOf('content-encoding', request.rawHeaders);
  if (encodings.some((encoding) => encoding.trim().toLowerCase() !== 'identity')) {
    throw refuse(415, 'BAD_USER_INPUT', 'Send the request body as it is, without a Content-Encoding.');
  }
}

function isPlainJson(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  const [mediaType, ...parameters] = contentType.toLowerCase().split(';').map((part) => part.trim());
  if (mediaType !== 'application/json') return false;
  return parameters.filter((part) => part.startsWith('charset')).every((part) => /^charset=(utf-8|"utf-8")$/.test(part));
}

/** The body of a request that has come as a whole and was not read before. */
function atHand(request: IncomingMessage, maxBytes: number): Buffer {
  const body = (request.read() as Buffer | null) ?? EMPTY;
  if (body.length > maxBytes) throw tooLarge(maxBytes);
  return body;
}

const EMPTY = Buffer.alloc(0);

/** By events: leaving an async iterator early would destroy the connection, and with it the answer. */
function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isSettled = false;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
      } else {
        request.off('data', take);
        isSettled = true;
        reject(tooLarge(maxBytes));
      }
    };
    // An error is made only where it is needed: every request closes at last.
    const leave = (): void => {
      if (!isSettled) reject(new RequestAborted());
    };
    request.on('data', take);
    request.on('end', () => {
      isSettled = true;
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    });
    request.on('error', leave);
    request.on('close', leave);
  });
}

function parseObject(body: Buffer): object {
  // Bytes that are not UTF-8 would decode to U+FFFD, and different identifiers to one.
  if (!isUtf8(body)) throw refuse(400, 'BAD_USER_INPUT', 'The request body is not UTF-8.');
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw refuse(400, 'BAD_USER_INPUT', 'The request body is not valid JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw refuse(400, 'BAD_USER_INPUT', 'The request body must be a JSON object with a query. Batches are not served.');
}

function tooLarge(maxBytes: number): HttpRefusal {
  return refuse(413, 'LIMIT_EXCEEDED', `The request body has more than ${maxBytes} bytes, the limit. Send several requests.`);
}

function refuse(status: number, code: ErrorCode, sentence: string): HttpRefusal {
  return new HttpRefusal(status, new AppError(code, sentence));
}
