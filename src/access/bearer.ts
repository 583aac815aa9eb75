import { AppError } from '../errors.js';

/** What Node's IncomingMessage has: names and values by turns. Unlike `headers` it keeps a header that was sent twice. */
export interface RawHeaders {
  readonly rawHeaders: readonly string[];
}

/** RFC 7235 `token68`: it has no comma and no blank, so two credentials never pass for one. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The credential of a request: from `Authorization: Bearer …`, or from `X-API-Key`. Null where neither header was sent; a
 * header that is there but cannot be used, twice, or both at once is UNAUTHENTICATED and never anonymous.
 */
export function readCredential({ rawHeaders }: RawHeaders): string | null {
  let authorization: string | null = null;
  let apiKey: string | null = null;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (isNamed(name, 'authorization')) authorization = once(authorization, rawHeaders[i + 1]!);
    else if (isNamed(name, 'x-api-key')) apiKey = once(apiKey, rawHeaders[i + 1]!);
  }
  if (authorization !== null && apiKey !== null) throw unusable();
  if (authorization !== null) return BEARER.exec(authorization)?.[1] ?? fail();
  if (apiKey !== null) return TOKEN.test(apiKey) ? apiKey : fail();
  return null;
}

/** `named` in lower case. */
function isNamed(name: string, named: string): boolean {
  return name.length === named.length && name.toLowerCase() === named;
}

function once(earlier: string | null, value: string): string {
  return earlier === null ? value : fail();
}

function fail(): never {
  throw unusable();
}

function unusable(): AppError {
  return new AppError('UNAUTHENTICATED', 'Send one header: either Authorization: Bearer <token>, or X-API-Key: <key>.');
}
