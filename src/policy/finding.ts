/** The way from the root of a document to one of its values: mapping keys and list indices. */
export type Path = readonly (string | number)[];

/** Something wrong with a document's content, before its line is known. */
export interface Finding {
  /** Where it is. A value that is missing has no place, so the nearest one around it stands in. */
  readonly path: Path;
  readonly reason: string;
  /** Whether the mapping key itself is at fault rather than the value beside it. */
  readonly atKey?: boolean;
  /** An earlier place that the reader has to compare with; its line is added to the reason. */
  readonly earlier?: Path;
}

/** `roles[3].permissions[0]`, for places in a document that has no lines. */
export function formatPath(path: Path): string {
  return path.map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : i === 0 ? segment : `.${segment}`)).join('');
}
