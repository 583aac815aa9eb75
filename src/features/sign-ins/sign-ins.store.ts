import { IsNull } from 'typeorm';
import { OneTimeSecretRow, PasswordRow, SignInRow } from '../../storage/entities/people.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';

/** Times in milliseconds since the epoch. */
export interface SignInRecord {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: number;
  readonly endedAt: number | null;
}

export interface OneTimeSecret {
  readonly purpose: 'BOOTSTRAP' | 'PASSWORD';
  /** Whose password it sets; null for the bootstrap. */
  readonly userId: string | null;
  /** Who made it, as the audit log names them; null for the bootstrap. */
  readonly madeBy: string | null;
  readonly expiresAt: number;
}

export class SignInStore extends Store {
  async find(id: string): Promise<SignInRecord | null> {
    const row = await this.db().getRepository(SignInRow).findOneBy({ id });
    return row && { id: row.id, userId: row.userId, expiresAt: row.expiresAt.getTime(), endedAt: row.endedAt?.getTime() ?? null };
  }

  async insert(signIn: Omit<SignInRecord, 'endedAt'>, createdAt: Date, tx: Transaction): Promise<void> {
    const { id, userId, expiresAt } = signIn;
    await this.db(tx).getRepository(SignInRow).insert({ id, userId, createdAt, expiresAt: new Date(expiresAt) });
  }

  async endAll(userId: string, at: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(SignInRow).update({ userId, endedAt: IsNull() }, { endedAt: at });
  }

  /** Where the user belongs to no tenant any more; account OWNERs, who belong everywhere, are never strangers. */
  async endAllOfStranger(userId: string, at: Date, tx: Transaction): Promise<void> {
    // Tenants that remove the same person at once wait for one another here, so that the last of them sees that nothing is left.
    await this.db(tx).query('SELECT FROM sign_ins WHERE user_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE', [userId]);
    await this.db(tx).query(
      `UPDATE sign_ins SET ended_at = $2 FROM users u
       WHERE u.id = $1 AND user_id = u.id AND ended_at IS NULL AND u.account_role <> 'OWNER'
         AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id)`,
      [userId, at],
    );
  }

  async findPasswordHash(userId: string, tx?: Transaction): Promise<string | null> {
    const row = await this.db(tx).getRepository(PasswordRow).findOneBy({ userId });
    return row?.hash ?? null;
  }

  /** As `findPasswordHash`; nobody changes it until the transaction ends. */
  async lockPasswordHash(userId: string, tx: Transaction): Promise<string | null> {
    const row = await this.db(tx).getRepository(PasswordRow).findOne({ where: { userId }, lock: { mode: 'pessimistic_read' } });
    return row?.hash ?? null;
  }

  /** Null where the user has no password. */
  async findPasswordChange(userId: string, tx: Transaction): Promise<Date | null> {
    const row = await this.db(tx).getRepository(PasswordRow).findOneBy({ userId });
    return row?.changedAt ?? null;
  }

  async putPasswordHash(userId: string, hash: string, at: Date, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(PasswordRow).upsert({ userId, hash, changedAt: at }, ['userId']);
  }

  async deletePasswordHash(userId: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(PasswordRow).delete({ userId });
  }

  async insertSecret(hash: Buffer, secret: OneTimeSecret, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(OneTimeSecretRow).insert({ ...secret, hash, expiresAt: new Date(secret.expiresAt) });
  }

  /** Uses the secret up: of two who present it at once, one finds it. */
  async takeSecret(hash: Buffer, purpose: OneTimeSecret['purpose'], tx: Transaction): Promise<OneTimeSecret | null> {
    const [rows]: [{ user_id: string | null; made_by: string | null; expires_at: Date }[]] = await this.db(tx).query(
      'DELETE FROM one_time_secrets WHERE hash = $1 AND purpose = $2 RETURNING user_id, made_by, expires_at',
      [hash, purpose],
    );
    const [row] = rows;
    return row === undefined ? null : { purpose, userId: row.user_id, madeBy: row.made_by, expiresAt: row.expires_at.getTime() };
  }

  async deleteSecretsOf(userId: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(OneTimeSecretRow).delete({ userId });
  }

  async deleteBootstrapSecrets(tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(OneTimeSecretRow).delete({ purpose: 'BOOTSTRAP' });
  }
}
