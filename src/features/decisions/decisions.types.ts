import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DecisionReason } from '../../domain/decision.js';
import type { Surface } from '../../domain/facts.js';
import { ConsistencyModeEnum, DecisionReasonEnum, SurfaceEnum } from '../../graphql/enums.js';

const PERMISSION = "A key of the tenant's role matrix, for example `connectors.read`.";
const DEPARTMENT = 'The department in which the action takes place: adds the override that the user holds there.';
const CUSTOMER = 'The end customer whose data is touched.';
const OWNER = 'The user to whom an individually scoped resource belongs; absent for a resource shared across its customer.';

@InputType('ConsistencyInput', { description: 'How fresh an answer must be.' })
export class ConsistencyInput {
  @Field(() => ConsistencyModeEnum, {
    nullable: true,
    defaultValue: 'LOW_LATENCY',
    description: "LOW_LATENCY: from this node's cache, within the configured bound of staleness. FULL: as of now.",
  })
  mode?: 'LOW_LATENCY' | 'FULL' | null;

  @Field(() => String, {
    nullable: true,
    description: 'At least as fresh as this revision, as returned by an earlier answer or mutation for the same tenant.',
  })
  atLeast?: string | null;
}

@InputType('UserInTenant')
abstract class UserInTenant {
  @Field(() => ID)
  userId!: string;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: DEPARTMENT })
  departmentId?: string | null;

  @Field(() => ID, { nullable: true, description: CUSTOMER })
  customerId?: string | null;

  @Field(() => SurfaceEnum, { nullable: true, defaultValue: 'PLATFORM' })
  surface?: Surface | null;
}

@InputType('CheckInput')
export class CheckInput extends UserInTenant {
  @Field(() => String, { description: PERMISSION })
  permission!: string;

  @Field(() => ID, { nullable: true, description: OWNER })
  ownerId?: string | null;
}

@InputType('CheckPermissionsInput')
export class CheckPermissionsInput extends UserInTenant {
  @Field(() => [String], { description: 'Up to 1,000 keys.' })
  permissions!: string[];

  @Field(() => ID, { nullable: true, description: OWNER })
  ownerId?: string | null;
}

@InputType('EffectivePermissionsInput')
export class EffectivePermissionsInput extends UserInTenant {}

@InputType('UsersWithPermissionInput')
export class UsersWithPermissionInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => String, { description: PERMISSION })
  permission!: string;

  @Field(() => ID, { nullable: true, description: DEPARTMENT })
  departmentId?: string | null;

  @Field(() => ID, { nullable: true, description: CUSTOMER })
  customerId?: string | null;

  @Field(() => SurfaceEnum, { nullable: true, defaultValue: 'PLATFORM' })
  surface?: Surface | null;
}

@ObjectType('Decision', { simpleResolvers: true })
export class DecisionType {
  @Field(() => Boolean)
  allowed!: boolean;

  @Field(() => DecisionReasonEnum)
  reason!: DecisionReason;

  @Field(() => String, { nullable: true, description: 'The role that settled the answer, where one did.' })
  role!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The tenant's revision that the answer holds for; pass it back as `consistency.atLeast`. Null where the tenant is unknown.",
  })
  revision!: string | null;
}

@ObjectType('PermissionsDecision', { simpleResolvers: true })
export class PermissionsDecisionType {
  @Field(() => [Boolean], { description: 'In the order of the permissions asked.' })
  allowed!: boolean[];

  @Field(() => String, { nullable: true })
  revision!: string | null;
}

@ObjectType('CategoryPermissions', { simpleResolvers: true })
export class CategoryPermissionsType {
  @Field(() => String)
  category!: string;

  @Field(() => Int, { description: "How many of the category's permissions are held." })
  held!: number;

  @Field(() => Int, { description: 'How many permissions the category has.' })
  total!: number;

  @Field(() => [String])
  keys!: string[];
}

@ObjectType('DepartmentRole', { simpleResolvers: true })
export class DepartmentRoleType {
  @Field(() => ID)
  departmentId!: string;

  @Field(() => String)
  role!: string;
}

@ObjectType('EffectivePermissions', { simpleResolvers: true })
export class EffectivePermissionsType {
  @Field(() => [String], { description: 'Sorted permission keys.' })
  keys!: string[];

  @Field(() => [CategoryPermissionsType], { description: "The same, by category, with how many of the category's permissions are held." })
  categories!: CategoryPermissionsType[];

  @Field(() => String, { nullable: true, description: "Primary role's key; null where there is no active membership." })
  role!: string | null;

  @Field(() => [DepartmentRoleType], { description: 'Department overrides that added to `keys`.' })
  departmentRoles!: DepartmentRoleType[];

  @Field(() => DecisionReasonEnum, { nullable: true, description: 'Why `keys` is empty, where it is.' })
  reason!: DecisionReason | null;

  @Field(() => String, { nullable: true })
  revision!: string | null;
}

@ObjectType('ExplanationStep', { simpleResolvers: true })
export class ExplanationStepType {
  @Field(() => String, { description: 'A short name of the rule, for example `customer-isolation`.' })
  rule!: string;

  @Field(() => Boolean)
  passed!: boolean;

  @Field(() => String, { description: 'One sentence for a person.' })
  detail!: string;
}

@ObjectType('Explanation', { simpleResolvers: true })
export class ExplanationType {
  @Field(() => DecisionType)
  decision!: DecisionType;

  @Field(() => [ExplanationStepType], { description: 'In the order in which they were taken.' })
  steps!: ExplanationStepType[];
}
