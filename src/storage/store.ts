import { type DataSource, type EntityManager, type EntityTarget, type FindOptionsOrder, type FindOptionsWhere, LessThan, MoreThan, type ObjectLiteral } from 'typeorm';
import { type Page, type PageRequest, pageOf } from '../domain/page.js';
import { textArray } from './text-array.js';
import type { Transaction } from './transaction.js';

/** How a list is cut into pages: by a column whose values are unique within the list. */
interface Keyset<Row> {
  readonly where: FindOptionsWhere<Row>;
  readonly key: keyof Row & string;
  readonly direction?: 'ASC' | 'DESC';
  /** The key as the database holds it, where that is not text. */
  readonly parseKey?: (key: string) => unknown;
}

type Pairs = readonly (readonly [string, string])[];

/** Names of tables and columns: constants of the store's own, for they become part of the statement. */
interface PairedRead {
  readonly table: string;
  readonly keys: readonly [string, string];
  /** The columns to read, by the names that they are to have. */
  readonly columns: Readonly<Record<string, string>>;
  readonly order: string;
}

/** What a store works on: the transaction it is handed, or else the pool. */
export abstract class Store {
  constructor(private readonly dataSource: DataSource) {}

  protected db(tx?: Transaction): EntityManager {
    return tx?.manager ?? this.dataSource.manager;
  }

  /**
   * The rows of each pair of keys, in the order of the pairs, by one statement: plain rows of the columns named, since making
   * instances of them takes longer than reading them.
   */
  protected async readByPairs<Row extends object>({ table, keys: [one, other], columns, order }: PairedRead, pairs: Pairs, tx?: Transaction): Promise<Row[][]> {
    const rows: (Row & { place: number })[] = await this.db(tx).query(
      `SELECT asked.place::int AS place, ${Object.entries(columns).map(([name, column]) => `r.${column} AS "${name}"`).join(', ')}
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (one, other, place)
       JOIN ${table} r ON r.${one} = asked.one AND r.${other} = asked.other ORDER BY r.${order}`,
      [textArray(pairs.map(([first]) => first)), textArray(pairs.map(([, second]) => second))],
    );
    const found: Row[][] = pairs.map(() => []);
    for (const row of rows) found[row.place - 1]!.push(row);
    return found;
  }

  /** One page in the order of the key, by one statement; the total is another, made only when asked for. */
  protected async listPage<Row extends ObjectLiteral>(
    entity: EntityTarget<Row>,
    { where, key, direction = 'ASC', parseKey = (text) => text }: Keyset<Row>,
    request: PageRequest,
  ): Promise<Page<Row>> {
    const rows = this.db().getRepository(entity);
    const beyond = direction === 'ASC' ? MoreThan : LessThan;
    const from = request.after === null ? where : { ...where, [key]: beyond(parseKey(request.after)) };
    const read = await rows.find({
      where: from,
      order: { [key]: direction } as FindOptionsOrder<Row>,
      take: request.limit + 1,
    });
    return pageOf(read, request, () => rows.countBy(where));
  }
}
