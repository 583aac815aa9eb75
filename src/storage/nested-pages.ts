import type { EntityManager, EntityTarget, ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { type Page, type PageRequest, pageOf } from '../domain/page.js';

/** How lists that hang on parents are cut into pages. The key's values are unique within the list of one parent. */
export interface NestedKeyset<Row> {
  readonly parent: keyof Row & string;
  readonly key: keyof Row & string;
  readonly direction?: 'ASC' | 'DESC';
  /** A condition on the row `t`, with the values of its named parameters; constant text of the store's own. */
  readonly filter?: { readonly sql: string; readonly values: ObjectLiteral };
}

/**
 * The same page of each parent's list, in the order of the parents, by one statement for all of them; the totals are
 * another, made when the first of them is asked for.
 */
export async function readNestedPages<Row extends ObjectLiteral>(
  db: EntityManager,
  entity: EntityTarget<Row>,
  keyset: NestedKeyset<Row>,
  parentIds: readonly string[],
  request: PageRequest,
): Promise<Page<Row>[]> {
  const rows = db.getRepository(entity);
  const found = new Map<unknown, Row[]>(parentIds.map((parentId) => [parentId, []]));
  for (const row of await readRows(rows, keyset, parentIds, request)) found.get(row[keyset.parent])?.push(row);
  let counts: Promise<ReadonlyMap<string, number>> | undefined;
  return parentIds.map((parentId) =>
    pageOf(found.get(parentId) ?? [], request, async () => {
      counts ??= countRows(rows, keyset, parentIds);
      return (await counts).get(parentId) ?? 0;
    }),
  );
}

function readRows<Row extends ObjectLiteral>(
  rows: Repository<Row>,
  { parent, key, direction = 'ASC', filter }: NestedKeyset<Row>,
  parentIds: readonly string[],
  { after, limit }: PageRequest,
): Promise<Row[]> {
  const [parentColumn, keyColumn] = [columnOf(rows, parent), columnOf(rows, key)];
  const beyond = after === null ? '' : `AND t.${keyColumn} ${direction === 'ASC' ? '>' : '<'} :after`;
  const query = rows
    .createQueryBuilder('r')
    .where(
      `(r.${parentColumn}, r.${keyColumn}) IN (
         SELECT asked.id, page.place FROM unnest(CAST(:parentIds AS text[])) AS asked (id) CROSS JOIN LATERAL (
           SELECT t.${keyColumn} AS place FROM ${rows.metadata.tableName} t
           WHERE t.${parentColumn} = asked.id ${beyond} ${filter === undefined ? '' : `AND ${filter.sql}`}
           ORDER BY t.${keyColumn} ${direction} LIMIT :read) page)`,
      { parentIds, after, read: limit + 1, ...filter?.values },
    )
    .orderBy(`r.${key}`, direction);
  return readPlain(rows, query);
}

/** What `getMany` reads, without making instances of it, which takes longer than the reading. */
async function readPlain<Row extends ObjectLiteral>(rows: Repository<Row>, query: SelectQueryBuilder<Row>): Promise<Row[]> {
  const { columns } = rows.metadata;
  query.select(columns.map(({ databaseName, propertyName }) => `r.${databaseName} AS "${propertyName}"`).join(', '));
  const read: Record<string, unknown>[] = await query.getRawMany();
  for (const { propertyName, transformer } of columns) {
    if (transformer === undefined || Array.isArray(transformer)) continue;
    for (const row of read) row[propertyName] = transformer.from(row[propertyName]);
  }
  return read as Row[];
}

async function countRows<Row extends ObjectLiteral>(
  rows: Repository<Row>,
  { parent, filter }: NestedKeyset<Row>,
  parentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const parentColumn = columnOf(rows, parent);
  const counted: { parent: string; count: string }[] = await rows
    .createQueryBuilder('t')
    .select(`t.${parentColumn}`, 'parent')
    .addSelect('count(*)', 'count')
    .where(`t.${parentColumn} = ANY (CAST(:parentIds AS text[])) ${filter === undefined ? '' : `AND ${filter.sql}`}`, { parentIds, ...filter?.values })
    .groupBy(`t.${parentColumn}`)
    .getRawMany();
  return new Map(counted.map((row) => [row.parent, Number(row.count)]));
}

function columnOf<Row extends ObjectLiteral>(rows: Repository<Row>, property: string): string {
  return rows.metadata.findColumnWithPropertyName(property)!.databaseName;
}
