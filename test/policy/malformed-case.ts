/** One malformed variant of the shop matrix, and every problem that it has. */
export interface MalformedCase {
  readonly it: string;
  /** The one part of the shop matrix that is replaced. */
  readonly edit?: readonly [from: string, to: string];
  /** The whole file, in place of an edited shop matrix. */
  readonly whole?: string;
  /** As `line: reason`, in this order. */
  readonly problems: readonly string[];
}
