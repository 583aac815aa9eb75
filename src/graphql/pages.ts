import { createHash } from 'node:crypto';
import type { Page, PageRequest } from '../domain/page.js';
import { badInput } from '../errors.js';

export const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;
const TAG_BYTES = 6;

/** Which list a cursor belongs to: its name, what it is a list of, and its filters. */
export type ListIdentity = readonly (string | null)[];

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Throws BAD_USER_INPUT for a page of no sensible size and for a cursor that this very list did not give. */
export function toPageRequest(list: ListIdentity, { first, after }: PageArguments): PageRequest {
  const limit = first ?? DEFAULT_PAGE;
  if (limit < 0 || limit > MAX_PAGE) throw badInput('first', `first must be from 0 to ${MAX_PAGE}; take further pages with after.`);
  return { limit, after: after == null ? null : keyOf(list, after) };
}

/** Names the list as well as the place in it, so that a cursor of another list is not mistaken for a place in this one. */
export function toCursor(list: ListIdentity, key: string): string {
  return Buffer.concat([tagOf(list), Buffer.from(key, 'utf8')]).toString('base64url');
}

export function connectionOf<T, N = T>(list: ListIdentity, page: Page<T>, key: (item: T) => string, node: (item: T) => N) {
  const edges = page.items.map((item) => ({ node: node(item), cursor: toCursor(list, key(item)) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: page.hasPrevious,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    total: page.total,
  };
}

function keyOf(list: ListIdentity, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const key = bytes.subarray(TAG_BYTES).toString('utf8');
  const isOurs = bytes.length > TAG_BYTES && bytes.subarray(0, TAG_BYTES).equals(tagOf(list)) && toCursor(list, key) === cursor;
  if (!isOurs) throw badInput('after', 'after must be a cursor that this very list returned, with the same filters.');
  return key;
}

function tagOf(list: ListIdentity): Buffer {
  return createHash('sha256').update(JSON.stringify(list)).digest().subarray(0, TAG_BYTES);
}
