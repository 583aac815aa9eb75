import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import type { RequestLoaders } from '../../graphql/loaders.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import type { Changed } from '../changes/tenant-changes.js';
import type { TenantPartService } from './tenant-parts.service.js';
import {
  CreateCustomerInput,
  CreateDepartmentInput,
  CustomerConnection,
  CustomerInput,
  CustomerPayload,
  type CustomerType,
  DeletedPayload,
  DepartmentConnection,
  DepartmentInput,
  DepartmentPayload,
  type DepartmentType,
  TenantType,
  UpdateCustomerInput,
  UpdateDepartmentInput,
} from './tenants.types.js';

const optional = { nullable: true };

/** Departments and customers: the same mutations over two nouns. */
@Resolver(() => TenantType)
export class TenantPartResolver {
  constructor(
    private readonly departments: TenantPartService,
    private readonly customers: TenantPartService,
  ) {}

  @FieldResolver(() => DepartmentConnection, { name: 'departments', nullable: true })
  listDepartments(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    return listParts(this.departments, ['departments', tenant.id], { first, after }, loaders);
  }

  @FieldResolver(() => CustomerConnection, { name: 'customers', nullable: true })
  listCustomers(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    return listParts(this.customers, ['customers', tenant.id], { first, after }, loaders);
  }

  @Mutation(() => DepartmentPayload, { nullable: true })
  async createDepartment(@Arg('input', () => CreateDepartmentInput) input: CreateDepartmentInput, @Ctx() context: RequestContext) {
    return toDepartment(await this.departments.create(requireCaller(context), input.tenantId, input.id ?? null, input.name));
  }

  @Mutation(() => DepartmentPayload, { nullable: true })
  async updateDepartment(@Arg('input', () => UpdateDepartmentInput) input: UpdateDepartmentInput, @Ctx() context: RequestContext) {
    return toDepartment(await this.departments.rename(requireCaller(context), input.tenantId, input.departmentId, input.name));
  }

  @Mutation(() => DeletedPayload, { nullable: true, description: 'Refused with CONFLICT while overrides are held in it that have not expired.' })
  async deleteDepartment(@Arg('input', () => DepartmentInput) input: DepartmentInput, @Ctx() context: RequestContext) {
    return toDeleted(await this.departments.delete(requireCaller(context), input.tenantId, input.departmentId));
  }

  @Mutation(() => CustomerPayload, { nullable: true })
  async createCustomer(@Arg('input', () => CreateCustomerInput) input: CreateCustomerInput, @Ctx() context: RequestContext) {
    return toCustomer(await this.customers.create(requireCaller(context), input.tenantId, input.id ?? null, input.name));
  }

  @Mutation(() => CustomerPayload, { nullable: true })
  async updateCustomer(@Arg('input', () => UpdateCustomerInput) input: UpdateCustomerInput, @Ctx() context: RequestContext) {
    return toCustomer(await this.customers.rename(requireCaller(context), input.tenantId, input.customerId, input.name));
  }

  @Mutation(() => DeletedPayload, { nullable: true, description: 'Refused with CONFLICT while members or invitations are bound to it.' })
  async deleteCustomer(@Arg('input', () => CustomerInput) input: CustomerInput, @Ctx() context: RequestContext) {
    return toDeleted(await this.customers.delete(requireCaller(context), input.tenantId, input.customerId));
  }
}

async function listParts(
  service: TenantPartService,
  list: readonly [name: string, tenantId: string],
  page: { first: number | null; after: string | null },
  loaders: RequestLoaders,
) {
  const parts = await loaders.load(service.listPages, { parentId: list[1], request: toPageRequest(list, page), filter: null });
  return connectionOf(list, parts, (part) => part.id, (part) => part);
}

function toDepartment({ result, revision }: Changed<DepartmentType>): DepartmentPayload {
  return { department: result, revision: revision.toString() };
}

function toCustomer({ result, revision }: Changed<CustomerType>): CustomerPayload {
  return { customer: result, revision: revision.toString() };
}

export function toDeleted({ result, revision }: Changed<string>): DeletedPayload {
  return { id: result, revision: revision.toString() };
}
