import { randomBytes } from 'node:crypto';
import { PlatformRow } from '../../storage/entities/people.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

const TOKEN_SECRET_BYTES = 32;

/** The one row that the nodes of an installation share. */
export class PlatformStore extends Store {
  /** Makes the row on an empty database; several nodes may try at once. Returns the secret that signs local tokens. */
  async ensure(at: Date): Promise<Buffer> {
    const rows = this.db().getRepository(PlatformRow);
    await rows
      .createQueryBuilder()
      .insert()
      .values({ singleton: true, tokenSecret: randomBytes(TOKEN_SECRET_BYTES), revision: 0n, createdAt: at })
      .orIgnore()
      .execute();
    return (await rows.findOneByOrFail({ singleton: true })).tokenSecret;
  }

  /** Changes to people and platform keys take turns. */
  async lock(tx: Transaction): Promise<void> {
    await this.db(tx).query('SELECT FROM platform FOR UPDATE');
  }

  async raiseRevision(tx: Transaction): Promise<bigint> {
    const [[row]]: [{ revision: string }[]] = await this.db(tx).query('UPDATE platform SET revision = revision + 1 RETURNING revision');
    return BigInt(row!.revision);
  }
}
