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
