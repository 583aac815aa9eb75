import { v7 as uuidv7 } from 'uuid';
import { mintOneTimeSecret } from '../../access/one-time-secret.js';
import { actorOf, type Principal } from '../../access/principal.js';
import type { Clock } from '../../domain/clock.js';
import { pagesTogether } from '../../domain/page.js';
import { AppError } from '../../errors.js';
import { NOBODY } from '../changes/tenant-change.js';
import type { Changed, TenantChanges } from '../changes/tenant-changes.js';
import { optionalIdentifier, requireEmail, requireFuture, requireIdentifier } from '../input.js';
import { referenceTo, requireCustomer, requireGivable, requireRole } from '../memberships/membership-rules.js';
import type { InvitationRecord, InvitationStore } from './invitations.store.js';

export interface AskedInvitation {
  readonly email: string;
  readonly role: string;
  readonly customerId: string | null;
  readonly expiresAt: Date | null;
}

export interface MadeInvitation {
  readonly invitation: InvitationRecord;
  /** Shown once, and kept nowhere. */
  readonly secret: string;
}

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** How people come into a tenant by themselves. */
export class InvitationService {
  constructor(
    private readonly invitations: InvitationStore,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
  ) {}

  readonly listPages = pagesTogether((tenantIds, request) => this.invitations.listOfTenants(tenantIds, request, this.clock.now()));

  invite(caller: Principal, tenantId: string, asked: AskedInvitation): Promise<Changed<MadeInvitation>> {
    const email = requireEmail('email', asked.email);
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async (scope) => {
      const { frame, tx, now } = scope;
      const customerId = optionalIdentifier('customerId', asked.customerId);
      const role = requireRole(frame, requireIdentifier('role', asked.role));
      requireGivable(scope, role);
      requireCustomer(frame, role, customerId);
      const { secret, hash } = mintOneTimeSecret();
      const invitation: InvitationRecord = {
        tenantId,
        id: uuidv7(),
        email,
        ...referenceTo(frame, role),
        customerId,
        status: 'PENDING',
        invitedBy: actorOf(caller),
        expiresAt: requireFuture('expiresAt', asked.expiresAt, now) ?? now + LIFETIME_MS,
      };
      await this.invitations.insert(invitation, hash, new Date(now), tx);
      const after = { email, role: role.key, customerId, expiresAt: new Date(invitation.expiresAt).toISOString() };
      return { result: { invitation, secret }, entry: { action: 'invitation.created', target: invitation.id, after }, touches: NOBODY };
    });
  }

  /** Ends the invitation; one that has ended by itself or was revoked before is left as it is. */
  revoke(caller: Principal, tenantId: string, id: string): Promise<Changed<InvitationRecord>> {
    return this.changes.run({ caller, tenantId, demands: 'member.manage' }, async ({ tx, now }) => {
      const invitation = await this.invitations.find(tenantId, requireIdentifier('invitationId', id), now, tx);
      if (invitation === null) throw new AppError('NOT_FOUND', 'The tenant has no invitation of this id.');
      if (invitation.status === 'ACCEPTED') throw new AppError('CONFLICT', 'The invitation was accepted: remove the member instead.');
      if (invitation.status !== 'PENDING') return { result: invitation, entry: null };
      await this.invitations.revoke(tenantId, id, tx);
      const revoked = { ...invitation, status: 'REVOKED' } as const;
      const entry = { action: 'invitation.revoked', target: id, before: { status: invitation.status }, after: { status: revoked.status } };
      return { result: revoked, entry, touches: NOBODY };
    });
  }
}
