import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { type Page, type PageRequest, pageOf } from '../domain/page.js';
import { textArray } from './text-array.js';

/** How lists that hang on parents are cut into pages. The key's values are unique within the list of one parent. */
export interface NestedKeyset<Row> {
  readonly parent: keyof Row & string;
  readonly key: keyof Row & string;
  readonly direction?: 'ASC' | 'DESC';
  readonly conditions?: readonly RowCondition[];
}

/** What must hold of a row `t`: constant text of the store's own around the place where its value goes. */
export interface RowCondition {
  readonly sql: (place: string) => string;
  readonly value: string;
}

/**
 * The same page of each parent's list, in the order of the parents, by one statement for all of them; the totals are
 * another, made when the first of them is asked for. In SQL of our own: TypeORM takes longer to build such a statement than the
 * database to carry it out, and to make instances of what it reads.
 */
export async function readNestedPages<Row extends ObjectLiteral>(
  db: EntityManager,
  entity: EntityTarget<Row>,
  keyset: NestedKeyset<Row>,
  parentIds: readonly string[],
  request: PageRequest,
): Promise<Page<Row>[]> {
  const { metadata } = db.getRepository(entity);
  const found = new Map<unknown, Row[]>(parentIds.map((parentId) => [parentId, []]));
  for (const row of await readRows(db, metadata, keyset, parentIds, request)) found.get(row[keyset.parent])?.push(row);
  let counts: Promise<ReadonlyMap<string, number>> | undefined;
  return parentIds.map((parentId) =>
    pageOf(found.get(parentId) ?? [], request, async () => {
      counts ??= countRows(db, metadata, keyset, parentIds);
      return (await counts).get(parentId) ?? 0;
    }),
  );
}

async function readRows<Row extends ObjectLiteral>(
  db: EntityManager,
  metadata: EntityMetadata,
  { parent, key, direction = 'ASC', conditions = [] }: NestedKeyset<Row>,
  parentIds: readonly string[],
  { after, limit }: PageRequest,
): Promise<Row[]> {
  const keyColumn = columnOf(metadata, key);
  const beyond: RowCondition[] = after === null ? [] : [{ sql: (place) => `t.${keyColumn} ${direction === 'ASC' ? '>' : '<'} ${place}`, value: after }];
  const filter = [...beyond, ...conditions];
  // In a subselect, where PostgreSQL does not see how many there are: it would plan anew each time because there are few.
  const rows: Record<string, unknown>[] = await db.query(
    `SELECT page.* FROM unnest((SELECT $1::text[])) AS asked (id) CROSS JOIN LATERAL (
       SELECT ${selectionOf(metadata)} FROM ${metadata.tableName} t
       WHERE t.${columnOf(metadata, parent)} = asked.id ${allOf(filter, 3)}
       ORDER BY t.${keyColumn} ${direction} LIMIT $2) page
     ORDER BY page."${key}" ${direction}`,
    [textArray(parentIds), limit + 1, ...filter.map(({ value }) => value)],
  );
  return inTypes<Row>(metadata, rows);
}

async function countRows<Row extends ObjectLiteral>(
  db: EntityManager,
  metadata: EntityMetadata,
  { parent, conditions = [] }: NestedKeyset<Row>,
  parentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const parentColumn = columnOf(metadata, parent);
  const counted: { parent: string; count: string }[] = await db.query(
    `SELECT t.${parentColumn} AS parent, count(*) FROM ${metadata.tableName} t
     WHERE t.${parentColumn} = ANY ($1::text[]) ${allOf(conditions, 2)} GROUP BY t.${parentColumn}`,
    [textArray(parentIds), ...conditions.map(({ value }) => value)],
  );
  return new Map(counted.map((row) => [row.parent, Number(row.count)]));
}

/** `AND` each condition, with the values in places from the first on. */
function allOf(conditions: readonly RowCondition[], first: number): string {
  return conditions.map(({ sql }, i) => `AND ${sql(`$${first + i}`)}`).join(' ');
}

function columnOf(metadata: EntityMetadata, property: string): string {
  return metadata.findColumnWithPropertyName(property)!.databaseName;
}

function selectionOf({ columns }: EntityMetadata): string {
  return columns.map(({ databaseName, propertyName }) => `t.${databaseName} AS "${propertyName}"`).join(', ');
}

/** Puts in place of what the driver read what the entity's columns make of it. */
function inTypes<Row>({ columns }: EntityMetadata, rows: Record<string, unknown>[]): Row[] {
  for (const { propertyName, transformer } of columns) {
    if (transformer === undefined || Array.isArray(transformer)) continue;
    for (const row of rows) row[propertyName] = transformer.from(row[propertyName]);
  }
  return rows as Row[];
}
