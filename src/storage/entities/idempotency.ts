import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('idempotency_keys')
export class IdempotencyKeyRow {
  @PrimaryColumn('text') actor!: string;
  @PrimaryColumn('bytea', { name: 'key_hash' }) keyHash!: Buffer;
  @Column('bytea', { name: 'request_hash' }) requestHash!: Buffer;
  @Column('uuid') attempt!: string;
  @Column('boolean') committed!: boolean;
  @Column('smallint', { nullable: true }) status!: number | null;
  @Column('bytea', { nullable: true }) reply!: Buffer | null;
  @Column('timestamptz', { name: 'claimed_at' }) claimedAt!: Date;
}
