type Write = (facts: object, message: string) => void;

/** What storage needs of a logger: the facts first, then one sentence. pino's loggers fit. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
