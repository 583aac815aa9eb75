import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import { revisionColumn } from './revision-column.js';

@Entity('platform')
export class PlatformRow {
  @PrimaryColumn('boolean') singleton!: boolean;
  @Column('bytea', { name: 'token_secret' }) tokenSecret!: Buffer;
  @Column('bigint', { transformer: revisionColumn }) revision!: bigint;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('users')
export class UserRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') name!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text', { name: 'account_role' }) accountRole!: AccountRole;
  @Column('text') status!: UserStatus;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('passwords')
export class PasswordRow {
  @PrimaryColumn('text', { name: 'user_id' }) userId!: string;
  @Column('text') hash!: string;
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
}

@Entity('sign_ins')
export class SignInRow {
  @PrimaryColumn('text') id!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

@Entity('one_time_secrets')
export class OneTimeSecretRow {
  @PrimaryColumn('bytea') hash!: Buffer;
  @Column('text') purpose!: 'BOOTSTRAP' | 'PASSWORD';
  @Column('text', { name: 'user_id', nullable: true }) userId!: string | null;
  @Column('text', { name: 'made_by', nullable: true }) madeBy!: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
}
