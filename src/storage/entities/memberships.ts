import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MembershipStatus } from '../../domain/facts.js';
import type { RoleKind } from '../../domain/matrix.js';

/** A role named together with the matrix or tenant that it must belong to, for the composite foreign keys. */
export abstract class RoleReferenceRow {
  @PrimaryColumn('text', { name: 'tenant_id' }) tenantId!: string;
  @Column('text', { name: 'matrix_key' }) matrixKey!: string;
  @Column('text', { name: 'role_key' }) roleKey!: string;
  @Column('text', { name: 'role_kind' }) roleKind!: RoleKind;
}

@Entity('memberships')
export class MembershipRow extends RoleReferenceRow {
  @PrimaryColumn('text', { name: 'user_id' }) userId!: string;
  /** Set by the database from the role: what the matrix makes of it. */
  @Column({ type: 'boolean', name: 'is_owner', insert: false, update: false }) isOwner!: boolean;
  @Column({ type: 'boolean', name: 'is_admin', insert: false, update: false }) isAdmin!: boolean;
  @Column('text') status!: MembershipStatus;
  @Column('text', { name: 'customer_id', nullable: true }) customerId!: string | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('department_overrides')
export class DepartmentOverrideRow extends RoleReferenceRow {
  @PrimaryColumn('text', { name: 'user_id' }) userId!: string;
  @PrimaryColumn('text', { name: 'department_id' }) departmentId!: string;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('invitations')
export class InvitationRow extends RoleReferenceRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') email!: string;
  @Column('text', { name: 'customer_id', nullable: true }) customerId!: string | null;
  @Column('text') status!: 'PENDING' | 'ACCEPTED' | 'REVOKED';
  @Column('bytea', { name: 'secret_hash' }) secretHash!: Buffer;
  @Column('text', { name: 'invited_by' }) invitedBy!: string;
  @Column('text', { name: 'accepted_by', nullable: true }) acceptedBy!: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
