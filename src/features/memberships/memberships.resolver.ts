import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Surface } from '../../domain/facts.js';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { SurfaceEnum } from '../../graphql/enums.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import type { Changed } from '../changes/tenant-changes.js';
import { type DecisionService, LOW_LATENCY } from '../decisions/decisions.service.js';
import { EffectivePermissionsType } from '../decisions/decisions.types.js';
import { toEffectivePermissions } from '../decisions/effective-permissions.js';
import { toPlace } from '../decisions/questions.js';
import { optionalIdentifier, requireIdentifier } from '../input.js';
import { RoleType } from '../matrices/matrices.types.js';
import type { TenantRoles } from '../roles/tenant-roles.js';
import { toDeleted } from '../tenants/tenant-parts.resolver.js';
import { CustomerType, DeletedPayload, TenantType } from '../tenants/tenants.types.js';
import { UserType } from '../users/users.types.js';
import type { MembershipParts } from './membership-parts.js';
import type { MembershipService } from './memberships.service.js';
import {
  AddMemberInput,
  ChangeMemberRoleInput,
  DepartmentOverrideInput,
  DepartmentOverrideType,
  MemberInput,
  MembershipConnection,
  MembershipPayload,
  MembershipType,
  SetDepartmentOverrideInput,
} from './memberships.types.js';
import type { OverrideService } from './overrides.service.js';

const optional = { nullable: true };

@Resolver(() => MembershipType)
export class MembershipResolver {
  constructor(
    private readonly members: MembershipService,
    private readonly overrides: OverrideService,
    private readonly parts: MembershipParts,
    private readonly decisions: DecisionService,
  ) {}

  @FieldResolver(() => TenantType, { nullable: true })
  tenant(@Root() membership: MembershipType, @Ctx() { loaders }: RequestContext): Promise<TenantType | null> {
    return this.parts.tenant(membership, loaders);
  }

  @FieldResolver(() => UserType, { nullable: true })
  user(@Root() membership: MembershipType, @Ctx() { loaders }: RequestContext): Promise<UserType | null> {
    return this.parts.user(membership, loaders);
  }

  @FieldResolver(() => RoleType, { description: 'The primary role.' })
  role(@Root() membership: MembershipType, @Ctx() { loaders }: RequestContext): RoleType | Promise<RoleType> {
    return this.parts.role(membership, loaders);
  }

  @FieldResolver(() => CustomerType, { nullable: true, description: "The one customer that the member acts for; null for the tenant's staff." })
  customer(@Root() membership: MembershipType, @Ctx() { loaders }: RequestContext): Promise<CustomerType | null> | null {
    return this.parts.customer(membership, loaders);
  }

  @FieldResolver(() => [DepartmentOverrideType])
  departmentOverrides(@Root() membership: MembershipType, @Ctx() { loaders }: RequestContext): Promise<DepartmentOverrideType[]> {
    return this.parts.overrides(membership, loaders);
  }

  @FieldResolver(() => EffectivePermissionsType, { nullable: true, description: 'For the member themselves, and for whoever holds decision.read.' })
  async effectivePermissions(
    @Root() { tenantId, userId }: MembershipType,
    @Arg('departmentId', () => ID, optional) departmentId: string | null,
    @Arg('customerId', () => ID, optional) customerId: string | null,
    @Arg('surface', () => SurfaceEnum, { nullable: true, defaultValue: 'PLATFORM' }) surface: Surface | null,
    @Ctx() context: RequestContext,
  ): Promise<EffectivePermissionsType> {
    const place = toPlace({ tenantId, userId, departmentId, customerId, surface }, () => 'membership');
    return toEffectivePermissions(await this.decisions.reach(requireCaller(context), place, LOW_LATENCY));
  }

  @Mutation(() => MembershipPayload, { nullable: true })
  async addMember(@Arg('input', () => AddMemberInput) input: AddMemberInput, @Ctx() context: RequestContext) {
    const { tenantId, userId, role, customerId = null, expiresAt = null } = input;
    return toPayload(await this.members.add(requireCaller(context), tenantId, { userId, role, customerId, expiresAt }));
  }

  @Mutation(() => MembershipPayload, { nullable: true })
  async changeMemberRole(@Arg('input', () => ChangeMemberRoleInput) input: ChangeMemberRoleInput, @Ctx() context: RequestContext) {
    return toPayload(await this.members.changeRole(requireCaller(context), input.tenantId, input.userId, input.role));
  }

  @Mutation(() => MembershipPayload, { nullable: true })
  async suspendMember(@Arg('input', () => MemberInput) input: MemberInput, @Ctx() context: RequestContext) {
    return toPayload(await this.members.suspend(requireCaller(context), input.tenantId, input.userId));
  }

  @Mutation(() => MembershipPayload, { nullable: true })
  async activateMember(@Arg('input', () => MemberInput) input: MemberInput, @Ctx() context: RequestContext) {
    return toPayload(await this.members.activate(requireCaller(context), input.tenantId, input.userId));
  }

  @Mutation(() => DeletedPayload, {
    nullable: true,
    description:
      'Ends what the person had in the tenant, keys that rest on it included. Where it was their last tenant their sign-ins end too, on every node at once; an account OWNER keeps them.',
  })
  async removeMember(@Arg('input', () => MemberInput) input: MemberInput, @Ctx() context: RequestContext) {
    return toDeleted(await this.members.remove(requireCaller(context), input.tenantId, input.userId));
  }

  @Mutation(() => MembershipPayload, { nullable: true, description: 'Adds the override or replaces the one held in that department.' })
  async setDepartmentOverride(@Arg('input', () => SetDepartmentOverrideInput) input: SetDepartmentOverrideInput, @Ctx() context: RequestContext) {
    const { tenantId, userId, departmentId, role, expiresAt = null } = input;
    return toPayload(await this.overrides.set(requireCaller(context), tenantId, { userId, departmentId, role, expiresAt }));
  }

  @Mutation(() => MembershipPayload, { nullable: true })
  async removeDepartmentOverride(@Arg('input', () => DepartmentOverrideInput) input: DepartmentOverrideInput, @Ctx() context: RequestContext) {
    return toPayload(await this.overrides.remove(requireCaller(context), input.tenantId, input.userId, input.departmentId));
  }
}

/** A tenant's members, as fields of the tenant. */
@Resolver(() => TenantType)
export class TenantMembershipResolver {
  constructor(
    private readonly members: MembershipService,
    private readonly roles: TenantRoles,
  ) {}

  @FieldResolver(() => MembershipConnection, {
    nullable: true,
    description: 'By user; filtered to a role, to those with an override in a department, to those bound to a customer.',
  })
  async memberships(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Arg('role', () => ID, optional) role: string | null,
    @Arg('departmentId', () => ID, optional) departmentId: string | null,
    @Arg('customerId', () => ID, optional) customerId: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    const named = optionalIdentifier('role', role);
    const filter = {
      roleKey: named && this.roles.keyOf(tenant, named),
      departmentId: optionalIdentifier('departmentId', departmentId),
      customerId: optionalIdentifier('customerId', customerId),
    };
    const list = ['memberships', tenant.id, filter.roleKey, filter.departmentId, filter.customerId];
    const request = toPageRequest(list, { first, after });
    const page = await loaders.load(this.members.listPagesOfTenants, { parentId: tenant.id, request, filter });
    return connectionOf(list, page, (membership) => membership.userId, (membership) => membership);
  }

  @FieldResolver(() => MembershipType, { nullable: true })
  membership(
    @Root() tenant: TenantType,
    @Arg('userId', () => ID) userId: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<MembershipType | null> {
    return loaders.load(this.members.findAll, { tenantId: tenant.id, userId: requireIdentifier('userId', userId) });
  }
}

export function toPayload({ result, revision }: Changed<MembershipType>): MembershipPayload {
  return { membership: result, revision: revision.toString() };
}
