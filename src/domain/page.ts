/** The slice of a list that is asked for: what follows the key `after`, in the list's own order. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Whether there is more behind the last item. */
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** How many there are in all, counted when asked; null where counting would cost more than it tells. */
  readonly total: () => Promise<number | null>;
}

/** Cuts what was read, one more than asked, to the page. */
export function pageOf<T>(read: readonly T[], request: PageRequest, total: () => Promise<number | null>): Page<T> {
  return {
    items: read.slice(0, request.limit),
    hasNext: read.length > request.limit,
    hasPrevious: request.after !== null,
    total,
  };
}

export function mapPage<A, B>(page: Page<A>, map: (item: A) => B): Page<B> {
  return { ...page, items: page.items.map(map) };
}

export function emptyPage(): Page<never> {
  return { items: [], hasNext: false, hasPrevious: false, total: async () => 0 };
}

/** One page of a list that hangs on something, such as the members of a tenant. */
export interface NestedPageRequest<Filter = null> {
  readonly parentId: string;
  readonly request: PageRequest;
  readonly filter: Filter;
}

type ListNested<T, Filter> = (parentIds: readonly string[], request: PageRequest, filter: Filter) => Promise<readonly Page<T>[]>;

/** Reads the pages that differ in nothing but their parent together; the answer is in the order asked. */
export function pagesTogether<T, Filter>(list: ListNested<T, Filter>): (asked: readonly NestedPageRequest<Filter>[]) => Promise<Page<T>[]> {
  return async (asked) => {
    const groups = new Map<string, number[]>();
    for (const [place, { request, filter }] of asked.entries()) {
      const alike = JSON.stringify([request, filter]);
      groups.set(alike, [...(groups.get(alike) ?? []), place]);
    }
    const pages: Page<T>[] = [];
    await Promise.all(
      [...groups.values()].map(async (places) => {
        const { request, filter } = asked[places[0]!]!;
        const read = await list(places.map((place) => asked[place]!.parentId), request, filter);
        places.forEach((place, i) => (pages[place] = read[i]!));
      }),
    );
    return pages;
  };
}
