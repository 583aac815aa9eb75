import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PermissionScope, RoleSurface } from '../../domain/matrix.js';
import type { Feature } from '../../domain/plan.js';

@Entity('matrices')
export class MatrixRow {
  @PrimaryColumn('text') key!: string;
  @Column('text') title!: string;
  @Column('integer') version!: number;
  @Column('text') digest!: string;
  @Column('jsonb') source!: unknown;
  @Column('text', { name: 'owner_role', nullable: true }) ownerRole!: string | null;
  @Column('text', { array: true }) aliases!: string[];
}

@Entity('matrix_roles')
export class MatrixRoleRow {
  @PrimaryColumn('text', { name: 'matrix_key' }) matrixKey!: string;
  @PrimaryColumn('text') key!: string;
  @Column('boolean', { name: 'is_admin' }) isAdmin!: boolean;
  @Column('text') surface!: RoleSurface;
}

@Entity('matrix_permissions')
export class MatrixPermissionRow {
  @PrimaryColumn('text', { name: 'matrix_key' }) matrixKey!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text') scope!: PermissionScope;
}

@Entity('plans')
export class PlanRow {
  @PrimaryColumn('text') key!: string;
  @Column('text') title!: string;
  @Column('text', { array: true }) features!: Feature[];
}
