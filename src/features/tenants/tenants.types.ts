import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { TenantStatus } from '../../domain/facts.js';
import { connectionType } from '../../graphql/connection.types.js';
import { TenantStatusEnum } from '../../graphql/enums.js';

@ObjectType('Tenant', { description: 'A workspace or organization: the wall that no read or write crosses.', simpleResolvers: true })
export class TenantType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => TenantStatusEnum)
  status!: TenantStatus;

  planKey!: string;
  matrixKey!: string;
  revision!: bigint;
}

@ObjectType('Department', { simpleResolvers: true })
export class DepartmentType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}

@ObjectType('Customer', {
  description: "An end customer of the tenant, whose data is isolated from the other customers'.",
  simpleResolvers: true,
})
export class CustomerType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}

export const TenantConnection = connectionType('Tenant', () => TenantType);
export const DepartmentConnection = connectionType('Department', () => DepartmentType);
export const CustomerConnection = connectionType('Customer', () => CustomerType);

@ObjectType('TenantPayload', { simpleResolvers: true })
export class TenantPayload {
  @Field(() => TenantType)
  tenant!: TenantType;

  @Field(() => String)
  revision!: string;
}

@ObjectType('DepartmentPayload', { simpleResolvers: true })
export class DepartmentPayload {
  @Field(() => DepartmentType)
  department!: DepartmentType;

  @Field(() => String)
  revision!: string;
}

@ObjectType('CustomerPayload', { simpleResolvers: true })
export class CustomerPayload {
  @Field(() => CustomerType)
  customer!: CustomerType;

  @Field(() => String)
  revision!: string;
}

@ObjectType('DeletedPayload', { simpleResolvers: true })
export class DeletedPayload {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  revision!: string | null;
}

@InputType('TenantInput')
export class TenantInput {
  @Field(() => ID)
  tenantId!: string;
}

@InputType('CreateTenantInput')
export class CreateTenantInput {
  @Field(() => ID, { nullable: true, description: 'Chosen by the caller, or else made by the gateway.' })
  id?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => ID, { description: 'The key of the role matrix that the tenant lives under, for good.' })
  matrix!: string;

  @Field(() => String, { nullable: true, description: "The key of a plan; the policy's default without one." })
  plan?: string | null;

  @Field(() => ID, { description: 'The first member: the owner or, under a matrix without an owner role, the first admin.' })
  ownerId!: string;
}

@InputType('UpdateTenantInput')
export class UpdateTenantInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => String, { nullable: true, description: 'For those who hold tenant.update.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'For those who hold platform.tenants.' })
  plan?: string | null;
}

@InputType('TransferOwnershipInput')
export class TransferOwnershipInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  newOwnerId!: string;
}

@InputType('DepartmentInput')
export class DepartmentInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  departmentId!: string;
}

@InputType('CustomerInput')
export class CustomerInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  customerId!: string;
}

@InputType('CreatePartInput')
abstract class CreatePartInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: 'Chosen by the caller, or else made by the gateway.' })
  id?: string | null;

  @Field(() => String)
  name!: string;
}

@InputType('CreateDepartmentInput')
export class CreateDepartmentInput extends CreatePartInput {}

@InputType('CreateCustomerInput')
export class CreateCustomerInput extends CreatePartInput {}

@InputType('UpdateDepartmentInput')
export class UpdateDepartmentInput extends DepartmentInput {
  @Field(() => String)
  name!: string;
}

@InputType('UpdateCustomerInput')
export class UpdateCustomerInput extends CustomerInput {
  @Field(() => String)
  name!: string;
}
