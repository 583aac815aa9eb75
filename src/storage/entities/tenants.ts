import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantStatus } from '../../domain/facts.js';
import type { RoleSurface } from '../../domain/matrix.js';
import { revisionColumn } from './revision-column.js';

@Entity('tenants')
export class TenantRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') name!: string;
  @Column('text') status!: TenantStatus;
  @Column('text', { name: 'plan_key' }) planKey!: string;
  @Column('text', { name: 'matrix_key' }) matrixKey!: string;
  @Column('bigint', { transformer: revisionColumn }) revision!: bigint;
  @Column('bigint', { name: 'structure_revision', transformer: revisionColumn }) structureRevision!: bigint;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}

/** What departments and customers have in common: a named part of one tenant. */
export abstract class TenantPartRow {
  @PrimaryColumn('text', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('text') name!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('departments')
export class DepartmentRow extends TenantPartRow {}

@Entity('customers')
export class CustomerRow extends TenantPartRow {}

@Entity('roles')
export class RoleRow {
  @PrimaryColumn('text', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('text') surface!: RoleSurface;
  @Column('text', { array: true }) permissions!: string[];
  @Column('text', { name: 'duplicated_from', nullable: true }) duplicatedFrom!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
