import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { MembershipStatus } from '../../domain/facts.js';
import type { RoleKind } from '../../domain/matrix.js';
import { connectionType } from '../../graphql/connection.types.js';
import { MembershipStatusEnum } from '../../graphql/enums.js';
import { DateTime } from '../../graphql/scalars.js';
import { RoleType } from '../matrices/matrices.types.js';
import { DepartmentType } from '../tenants/tenants.types.js';

@ObjectType('Membership', { description: 'A user in a tenant, with one primary role.', simpleResolvers: true })
export class MembershipType {
  tenantId!: string;
  userId!: string;
  matrixKey!: string;
  roleKey!: string;
  roleKind!: RoleKind;
  customerId!: string | null;

  @Field(() => MembershipStatusEnum)
  status!: MembershipStatus;

  @Field(() => DateTime, { nullable: true, description: 'The membership counts until this very moment, and no longer.' })
  expiresAt!: number | null;
}

@ObjectType('DepartmentOverride', { description: 'One more role inside one department, additive on top of the primary role.', simpleResolvers: true })
export class DepartmentOverrideType {
  @Field(() => DepartmentType)
  department!: DepartmentType;

  @Field(() => RoleType)
  role!: RoleType;

  @Field(() => DateTime, { nullable: true })
  expiresAt!: number | null;
}

export const MembershipConnection = connectionType('Membership', () => MembershipType);

@ObjectType('MembershipPayload', { simpleResolvers: true })
export class MembershipPayload {
  @Field(() => MembershipType)
  membership!: MembershipType;

  @Field(() => String)
  revision!: string;
}

@InputType('MemberInput')
export class MemberInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  userId!: string;
}

@InputType('AddMemberInput')
export class AddMemberInput extends MemberInput {
  @Field(() => ID, { description: "A role's key, of the matrix or of the tenant." })
  role!: string;

  @Field(() => ID, { nullable: true, description: 'The one customer that the member acts for; a widget role demands one.' })
  customerId?: string | null;

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null;
}

@InputType('ChangeMemberRoleInput')
export class ChangeMemberRoleInput extends MemberInput {
  @Field(() => ID)
  role!: string;
}

@InputType('DepartmentOverrideInput')
export class DepartmentOverrideInput extends MemberInput {
  @Field(() => ID)
  departmentId!: string;
}

@InputType('SetDepartmentOverrideInput')
export class SetDepartmentOverrideInput extends DepartmentOverrideInput {
  @Field(() => ID)
  role!: string;

  @Field(() => DateTime, { nullable: true })
  expiresAt?: Date | null;
}
