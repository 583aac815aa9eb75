import { Client, type ClientBase } from 'pg';

/** A statement that came so often is one of those that come all the time. */
const PREPARE_AFTER = 5;
/** Each takes memory of each session of the server for as long as that lives. */
const MAX_PREPARED = 128;
/** Lists of ids make a statement of their own for each length: past so many, nothing new is looked at. */
const MAX_SEEN = 2_000;

/** Which statements are prepared, and under which name: the same for all sessions of a pool. */
export class PreparedStatements {
  private readonly timesSeen = new Map<string, number>();
  private readonly names = new Map<string, string>();

  /** The name under which the statement is prepared; null where it is sent as it is. */
  nameOf(text: string): string | null {
    const name = this.names.get(text);
    if (name !== undefined) return name;
    return this.names.size < MAX_PREPARED && this.hasComeOften(text) ? this.prepare(text) : null;
  }

  private hasComeOften(text: string): boolean {
    const times = (this.timesSeen.get(text) ?? 0) + 1;
    if (times > 1 || this.timesSeen.size < MAX_SEEN) this.timesSeen.set(text, times);
    return times >= PREPARE_AFTER;
  }

  private prepare(text: string): string {
    const name = `gatehouse_${this.names.size + 1}`;
    this.names.set(text, name);
    this.timesSeen.delete(text);
    return name;
  }
}

/**
 * A client of pg, for a pool, that has PostgreSQL parse and plan what comes often once for each session and not each time, which
 * for small statements takes longer than to carry them out. TypeORM has no word for it. Only statements with values are prepared.
 */
export function preparingClient(statements = new PreparedStatements()): new () => ClientBase {
  return class PreparingClient extends Client {
    override readonly query = ((text: unknown, values: unknown, ...rest: unknown[]): unknown => {
      const send = super.query.bind(this) as (...parameters: unknown[]) => unknown;
      if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return send(text, values, ...rest);
      const name = statements.nameOf(text);
      return name === null ? send(text, values, ...rest) : send({ name, text, values }, ...rest);
    }) as Client['query'];
  };
}
