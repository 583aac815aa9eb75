import { mapPage, type Page, type PageRequest } from '../../domain/page.js';
import { InvitationRow } from '../../storage/entities/memberships.js';
import { readNestedPages } from '../../storage/nested-pages.js';
import { Store } from '../../storage/store.js';
import type { Transaction } from '../../storage/transaction.js';
import type { RoleReference } from '../memberships/memberships.store.js';

export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED';

export interface InvitationRecord extends RoleReference {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly customerId: string | null;
  readonly status: InvitationStatus;
  readonly invitedBy: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export class InvitationStore extends Store {
  /** The same page of each tenant's invitations, in the order of the tenants. */
  async listOfTenants(tenantIds: readonly string[], request: PageRequest, now: number): Promise<Page<InvitationRecord>[]> {
    const pages = await readNestedPages(this.db(), InvitationRow, { parent: 'tenantId', key: 'id' }, tenantIds, request);
    return pages.map((page) => mapPage(page, (row) => toRecord(row, now)));
  }

  async find(tenantId: string, id: string, now: number, tx: Transaction): Promise<InvitationRecord | null> {
    const row = await this.db(tx).getRepository(InvitationRow).findOneBy({ tenantId, id });
    return row && toRecord(row, now);
  }

  async findBySecret(secretHash: Buffer, now: number, tx?: Transaction): Promise<InvitationRecord | null> {
    const row = await this.db(tx).getRepository(InvitationRow).findOneBy({ secretHash });
    return row && toRecord(row, now);
  }

  async insert(invitation: InvitationRecord, secretHash: Buffer, createdAt: Date, tx: Transaction): Promise<void> {
    const { tenantId, id, email, matrixKey, roleKey, roleKind, customerId, invitedBy, expiresAt } = invitation;
    await this.db(tx).getRepository(InvitationRow).insert({
      tenantId, id, email, matrixKey, roleKey, roleKind, customerId, invitedBy,
      status: 'PENDING',
      secretHash,
      expiresAt: new Date(expiresAt),
      createdAt,
    });
  }

  async revoke(tenantId: string, id: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(InvitationRow).update({ tenantId, id }, { status: 'REVOKED' });
  }

  /** Those of the customer that nobody can accept any more: they would keep the customer from ever being deleted. */
  async deleteEndedOfCustomer(tenantId: string, customerId: string, now: number, tx: Transaction): Promise<void> {
    await this.db(tx).query(
      `DELETE FROM invitations WHERE tenant_id = $1 AND customer_id = $2 AND (status <> 'PENDING' OR expires_at <= $3)`,
      [tenantId, customerId, new Date(now)],
    );
  }

  async accept(tenantId: string, id: string, acceptedBy: string, tx: Transaction): Promise<void> {
    await this.db(tx).getRepository(InvitationRow).update({ tenantId, id }, { status: 'ACCEPTED', acceptedBy });
  }
}

/** Nothing is written when an invitation expires: it has expired at the moment at which it is looked at. */
function toRecord(row: InvitationRow, now: number): InvitationRecord {
  const { tenantId, id, email, matrixKey, roleKey, roleKind, customerId, invitedBy } = row;
  const expiresAt = row.expiresAt.getTime();
  const status = row.status === 'PENDING' && now >= expiresAt ? 'EXPIRED' : row.status;
  return { tenantId, id, email, matrixKey, roleKey, roleKind, customerId, invitedBy, status, expiresAt };
}
