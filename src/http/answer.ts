import type { ServerResponse } from 'node:http';
import type { PublicError } from '../graphql/errors.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** On every answer; handlers of pages override what differs for them. */
const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

/** Headers that every answer carries. The id of the request is ours: nothing that a client sends is repeated here. */
export function prepare(response: ServerResponse, requestId: string): void {
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
  response.setHeader('x-request-id', requestId);
}

export interface Reply {
  readonly status: number;
  /** Besides those that every answer carries, or in their place. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const SECURITY_HEADERS_BY_TURNS = SECURITY_HEADERS.flat();

/** `prepare` and `sendText` in one, for what is sent thousands of times a second: Node takes the head in one piece. */
export function sendAtOnce(response: ServerResponse, requestId: string, { status, headers, body }: Reply, contentType: string): void {
  if (response.headersSent) return;
  if (headers.length > 0) {
    prepare(response, requestId);
    for (const [name, value] of headers) response.setHeader(name, value);
    sendText(response, status, body, contentType);
    return;
  }
  const length = String(Buffer.byteLength(body));
  const whole = [...SECURITY_HEADERS_BY_TURNS, 'content-type', contentType, 'x-request-id', requestId, 'content-length', length];
  response.writeHead(status, whole).end(body);
}

export function sendText(response: ServerResponse, status: number, body: string, contentType: string): void {
  startText(response, status, body, contentType).end(body);
}

/** The head of an answer with this body. */
export function startText(response: ServerResponse, status: number, body: string, contentType: string): ServerResponse {
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  return response;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, JSON.stringify(value), JSON_TYPE);
}

/** What GraphQL clients expect of a refusal. */
export function errorBody(error: PublicError): string {
  return JSON.stringify({ errors: [error] });
}
