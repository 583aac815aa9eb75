import { createHash } from 'node:crypto';
import { isIdentifier } from '../domain/identifier.js';
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

/** Names the list as well as the place in it, so that a cursor of another list, or part of one, is no place in this list. */
export function toCursor(list: ListIdentity, key: string): string {
  return Buffer.concat([tagOf(list, key), Buffer.from(key, 'utf8')]).toString('base64url');
}

/** An edge of Relay's cursor connections. Its cursor is a hash: made where it is asked for, which of most edges it never is. */
class Edge<T, N> {
  constructor(
    readonly node: N,
    private readonly item: T,
    private readonly list: KeyedList<T>,
  ) {}

  get cursor(): string {
    return toCursor(this.list.identity, this.list.keyOf(this.item));
  }
}

interface KeyedList<T> {
  readonly identity: ListIdentity;
  readonly keyOf: (item: T) => string;
}

export function connectionOf<T, N = T>(identity: ListIdentity, page: Page<T>, key: (item: T) => string, node: (item: T) => N) {
  const list: KeyedList<T> = { identity, keyOf: key };
  const edges = page.items.map((item) => new Edge(node(item), item, list));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNext,
      hasPreviousPage: page.hasPrevious,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
    total: page.total,
  };
}

function keyOf(list: ListIdentity, cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').subarray(TAG_BYTES).toString('utf8');
  // Every list is in the order of an id, a key or a revision; whoever forges the tag gets no further than these.
  const isOurs = isIdentifier(key) && toCursor(list, key) === cursor;
  if (!isOurs) throw badInput('after', 'after must be a cursor that this very list returned, with the same filters.');
  return key;
}

function tagOf(list: ListIdentity, key: string): Buffer {
  return createHash('sha256').update(JSON.stringify([list, key])).digest().subarray(0, TAG_BYTES);
}
