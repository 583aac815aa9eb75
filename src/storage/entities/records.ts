import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Capability } from '../../domain/capability.js';
import { revisionColumn } from './revision-column.js';

/** The tenant id under which the platform keeps its own keys and audit chain: no tenant can have it. */
export const PLATFORM_SCOPE = '';

@Entity('api_keys')
export class ApiKeyRow {
  @PrimaryColumn('text', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('text') id!: string;
  @Column('text') name!: string;
  @Column('bytea', { name: 'secret_hash' }) secretHash!: Buffer;
  @Column('text', { array: true }) capabilities!: Capability[];
  @Column('text', { name: 'made_by' }) madeBy!: string;
  @Column('text', { name: 'bound_to', nullable: true }) boundTo!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}

@Entity('audit_events')
export class AuditEventRow {
  @PrimaryColumn('text', { name: 'tenant_id' }) tenantId!: string;
  @PrimaryColumn('bigint', { transformer: revisionColumn }) revision!: bigint;
  @Column('text') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') actor!: string;
  @Column('text') action!: string;
  @Column('text') target!: string;
  @Column('text', { nullable: true }) change!: string | null;
  @Column('bytea') hash!: Buffer;
}
