import type { UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import { type Page, type PageRequest, pageOf } from '../../domain/page.js';
import { AppError } from '../../errors.js';
import { UserRow } from '../../storage/entities/people.js';
import { Store } from '../../storage/store.js';
import { textArray } from '../../storage/text-array.js';
import type { Transaction } from '../../storage/transaction.js';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly accountRole: AccountRole;
  readonly status: UserStatus;
}

export class UserStore extends Store {
  async find(id: string, tx?: Transaction): Promise<UserRecord | null> {
    const row = await this.db(tx).getRepository(UserRow).findOneBy({ id });
    return row && toRecord(row);
  }

  /** As `find`; the user joins no tenant, and changes in nothing, until the transaction ends. */
  async lock(id: string, tx: Transaction): Promise<UserRecord | null> {
    const row = await this.db(tx).getRepository(UserRow).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    return row && toRecord(row);
  }

  /** As `find`; the account stays as it is until the transaction ends. */
  async hold(id: string, tx: Transaction): Promise<UserRecord | null> {
    const row = await this.db(tx).getRepository(UserRow).findOne({ where: { id }, lock: { mode: 'pessimistic_read' } });
    return row && toRecord(row);
  }

  /** In the order of the ids; null for each that does not exist. */
  async findAll(ids: readonly string[]): Promise<(UserRecord | null)[]> {
    const rows: UserRecord[] = await this.db().query(
      'SELECT id, name, email, account_role AS "accountRole", status FROM users WHERE id = ANY ($1::text[])',
      [textArray(ids)],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** An address names one person whatever the case of its ASCII letters. */
  async findByEmail(email: string, tx?: Transaction): Promise<UserRecord | null> {
    const row = await this.db(tx)
      .getRepository(UserRow)
      .createQueryBuilder('u')
      .where('lower(u.email COLLATE "C") = lower(CAST(:email AS text) COLLATE "C")', { email })
      .getOne();
    return row && toRecord(row);
  }

  /** In the order of their ids; `search` is looked for in id, name and address, whatever the case. */
  async list(request: PageRequest, search: string | null): Promise<Page<UserRecord>> {
    const matching = () => {
      const query = this.db().getRepository(UserRow).createQueryBuilder('u');
      if (search !== null) query.where(`(${['id', 'name', 'email'].map(contains).join(' OR ')})`, { search });
      return query;
    };
    const page = matching().orderBy('u.id', 'ASC').limit(request.limit + 1);
    if (request.after !== null) page.andWhere('u.id > :after', { after: request.after });
    return pageOf((await page.getMany()).map(toRecord), request, () => matching().getCount());
  }

  /** Throws CONFLICT where the id or the address is another user's. */
  async requireFree(user: Pick<UserRecord, 'id' | 'email'>, tx: Transaction): Promise<void> {
    if ((await this.find(user.id, tx)) !== null) throw new AppError('CONFLICT', 'There is a user of this id already: choose another.');
    await this.requireFreeEmail(user, tx);
  }

  async requireFreeEmail({ id, email }: Pick<UserRecord, 'id' | 'email'>, tx: Transaction): Promise<void> {
    const holder = email === null ? null : await this.findByEmail(email, tx);
    if (holder !== null && holder.id !== id) throw new AppError('CONFLICT', 'There is a user of this e-mail address already.');
  }

  async insert(user: UserRecord, createdAt: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(UserRow).insert({ ...user, createdAt });
  }

  async update(id: string, change: Partial<Omit<UserRecord, 'id'>>, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(UserRow).update({ id }, change);
  }

  /** Active account OWNERs: the platform needs one. */
  async countOwners(tx?: Transaction): Promise<number> {
    return this.db(tx).getRepository(UserRow).countBy({ accountRole: 'OWNER', status: 'ACTIVE' });
  }
}

/** `position` and not LIKE: what is looked for has no wildcards. */
function contains(column: string): string {
  return `position(lower(CAST(:search AS text)) in lower(u.${column})) > 0`;
}

function toRecord({ id, name, email, accountRole, status }: UserRow): UserRecord {
  return { id, name, email, accountRole, status };
}
