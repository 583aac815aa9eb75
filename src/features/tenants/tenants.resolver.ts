import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { PlanCatalogue } from '../../domain/plan.js';
import type { RoleKind } from '../../domain/matrix.js';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { FeatureEnum, RoleKindEnum } from '../../graphql/enums.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import { requireIdentifier } from '../input.js';
import { RoleMatrixType, RoleType } from '../matrices/matrices.types.js';
import type { MatrixRegistry } from '../matrices/matrix-registry.js';
import { toMatrixView } from '../matrices/matrix-view.js';
import type { MembershipService } from '../memberships/memberships.service.js';
import type { TenantRoles } from '../roles/tenant-roles.js';
import type { UserService } from '../users/users.service.js';
import { UserType } from '../users/users.types.js';
import type { Changed } from '../changes/tenant-changes.js';
import type { OwnershipService } from './ownership.service.js';
import { toDeleted } from './tenant-parts.resolver.js';
import type { TenantReach } from './tenant-reach.js';
import type { TenantService } from './tenants.service.js';
import {
  CreateTenantInput,
  DeletedPayload,
  TenantConnection,
  TenantInput,
  TenantPayload,
  TenantType,
  TransferOwnershipInput,
  UpdateTenantInput,
} from './tenants.types.js';

const optional = { nullable: true };

@Resolver(() => TenantType)
export class TenantResolver {
  constructor(
    private readonly tenants: TenantService,
    private readonly ownership: OwnershipService,
    private readonly reach: TenantReach,
    private readonly members: MembershipService,
    private readonly users: UserService,
    private readonly roles: TenantRoles,
    private readonly matrices: MatrixRegistry,
    private readonly plans: PlanCatalogue,
  ) {}

  @Query(() => TenantType, { nullable: true, description: 'For its members who hold tenant.read, and for whoever holds platform.tenants.' })
  tenant(@Arg('id', () => ID) id: string): Promise<TenantType | null> {
    return this.tenants.find(requireIdentifier('id', id));
  }

  @Query(() => TenantConnection, { name: 'tenants', nullable: true, description: 'The tenants that the caller may read, by id.' })
  async list(
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() context: RequestContext,
  ) {
    const list = ['tenants'];
    const among = await this.reach.readableBy(requireCaller(context));
    const page = await this.tenants.list(toPageRequest(list, { first, after }), among);
    return connectionOf(list, page, (tenant) => tenant.id, (tenant) => tenant);
  }

  @FieldResolver(() => String, { description: 'The key of a plan.' })
  plan(@Root() tenant: TenantType): string {
    return tenant.planKey;
  }

  @FieldResolver(() => [FeatureEnum], { description: 'What the plan switches on.' })
  features(@Root() tenant: TenantType): string[] {
    return [...(this.plans.plans.get(tenant.planKey)?.features ?? [])];
  }

  @FieldResolver(() => String, { description: 'One up with every change; the consistency token.' })
  revision(@Root() tenant: TenantType): string {
    return tenant.revision.toString();
  }

  @FieldResolver(() => RoleMatrixType, { nullable: true })
  matrix(@Root() tenant: TenantType): RoleMatrixType | null {
    const matrix = this.matrices.find(tenant.matrixKey);
    return matrix && toMatrixView(matrix);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null under a matrix without an owner role.' })
  async owner(@Root() tenant: TenantType, @Ctx() { loaders }: RequestContext): Promise<UserType | null> {
    const ownerId = await loaders.load(this.members.findOwnerIds, tenant.id);
    return ownerId === null ? null : loaders.load(this.users.findAll, ownerId);
  }

  @FieldResolver(() => [RoleType], { name: 'roles', nullable: true, description: 'System roles in the order of the matrix, then custom roles by key.' })
  async listRoles(
    @Root() tenant: TenantType,
    @Arg('kind', () => RoleKindEnum, optional) kind: RoleKind | null,
    @Ctx() { loaders }: RequestContext,
  ): Promise<RoleType[]> {
    const custom = kind === 'SYSTEM' ? [] : await loaders.load(this.roles.listCustom, tenant.id);
    return this.roles.all(tenant, custom, kind);
  }

  @FieldResolver(() => RoleType, { nullable: true })
  async role(
    @Root() tenant: TenantType,
    @Arg('key', () => ID) key: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<RoleType | null> {
    const system = this.roles.system({ matrixKey: tenant.matrixKey, roleKey: requireIdentifier('key', key) });
    if (system !== null) return system;
    const custom = (await loaders.load(this.roles.listCustom, tenant.id)).find((role) => role.key === key);
    return custom === undefined ? null : this.roles.view(custom, tenant.matrixKey);
  }

  @Mutation(() => TenantPayload, { nullable: true })
  async createTenant(@Arg('input', () => CreateTenantInput) input: CreateTenantInput, @Ctx() context: RequestContext): Promise<TenantPayload> {
    const { id = null, name, matrix, plan = null, ownerId } = input;
    return toPayload(await this.tenants.create(requireCaller(context), { id, name, matrix, plan, ownerId }));
  }

  @Mutation(() => TenantPayload, { nullable: true })
  async updateTenant(@Arg('input', () => UpdateTenantInput) input: UpdateTenantInput, @Ctx() context: RequestContext): Promise<TenantPayload> {
    const { tenantId, name = null, plan = null } = input;
    return toPayload(await this.tenants.update(requireCaller(context), tenantId, { name, plan }));
  }

  @Mutation(() => TenantPayload, { nullable: true })
  async suspendTenant(@Arg('input', () => TenantInput) { tenantId }: TenantInput, @Ctx() context: RequestContext): Promise<TenantPayload> {
    return toPayload(await this.tenants.setStatus(requireCaller(context), tenantId, 'SUSPENDED'));
  }

  @Mutation(() => TenantPayload, { nullable: true })
  async activateTenant(@Arg('input', () => TenantInput) { tenantId }: TenantInput, @Ctx() context: RequestContext): Promise<TenantPayload> {
    return toPayload(await this.tenants.setStatus(requireCaller(context), tenantId, 'ACTIVE'));
  }

  @Mutation(() => DeletedPayload, { nullable: true, description: 'The owner alone.' })
  async deleteTenant(@Arg('input', () => TenantInput) { tenantId }: TenantInput, @Ctx() context: RequestContext): Promise<DeletedPayload> {
    return toDeleted(await this.tenants.delete(requireCaller(context), tenantId));
  }

  @Mutation(() => TenantPayload, {
    nullable: true,
    description: 'The owner alone: the new owner must be an active member; the old owner becomes an admin.',
  })
  async transferOwnership(@Arg('input', () => TransferOwnershipInput) input: TransferOwnershipInput, @Ctx() context: RequestContext) {
    return toPayload(await this.ownership.transfer(requireCaller(context), input.tenantId, input.newOwnerId));
  }
}

export function toPayload({ result, revision }: Changed<TenantType>): TenantPayload {
  return { tenant: { ...result, revision }, revision: revision.toString() };
}
