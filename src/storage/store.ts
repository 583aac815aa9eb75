import { type DataSource, type EntityManager, type EntityTarget, type FindOptionsOrder, type FindOptionsWhere, LessThan, MoreThan, type ObjectLiteral } from 'typeorm';
import { type Page, type PageRequest, pageOf } from '../domain/page.js';
import type { Transaction } from './transaction.js';

/** How a list is cut into pages: by a column whose values are unique within the list. */
interface Keyset<Row> {
  readonly where: FindOptionsWhere<Row>;
  readonly key: keyof Row & string;
  readonly direction?: 'ASC' | 'DESC';
  /** The key as the database holds it, where that is not text. */
  readonly parseKey?: (key: string) => unknown;
}

/** What a store works on: the transaction it is handed, or else the pool. */
export abstract class Store {
  constructor(private readonly dataSource: DataSource) {}

  protected db(tx?: Transaction): EntityManager {
    return tx?.manager ?? this.dataSource.manager;
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
