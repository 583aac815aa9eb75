import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Changed } from '../changes/tenant-changes.js';
import { RoleType } from '../matrices/matrices.types.js';
import type { RoleService } from './roles.service.js';
import { toDeleted } from '../tenants/tenant-parts.resolver.js';
import { DeletedPayload } from '../tenants/tenants.types.js';
import { CreateRoleInput, DeleteRoleInput, DuplicateRoleInput, RolePayload, UpdateRoleInput } from './roles.types.js';

@Resolver(() => RoleType)
export class RoleResolver {
  constructor(private readonly roles: RoleService) {}

  @Mutation(() => RolePayload, { nullable: true })
  async createRole(@Arg('input', () => CreateRoleInput) input: CreateRoleInput, @Ctx() context: RequestContext): Promise<RolePayload> {
    const { tenantId, key, name, description = null, permissions } = input;
    return toPayload(await this.roles.create(requireCaller(context), tenantId, { key, name, description }, permissions));
  }

  @Mutation(() => RolePayload, { nullable: true, description: 'Duplicate as Custom: start from any role and add or remove permissions.' })
  async duplicateRole(@Arg('input', () => DuplicateRoleInput) input: DuplicateRoleInput, @Ctx() context: RequestContext): Promise<RolePayload> {
    const { tenantId, sourceRole, key, name, description = null, add, remove } = input;
    const edit = { add: add ?? [], remove: remove ?? [] };
    return toPayload(await this.roles.duplicate(requireCaller(context), tenantId, { key, name, description }, sourceRole, edit));
  }

  @Mutation(() => RolePayload, { nullable: true })
  async updateRole(@Arg('input', () => UpdateRoleInput) input: UpdateRoleInput, @Ctx() context: RequestContext): Promise<RolePayload> {
    const { tenantId, role, name = null, description = null, permissions = null } = input;
    return toPayload(await this.roles.update(requireCaller(context), tenantId, role, { name, description, permissions }));
  }

  @Mutation(() => DeletedPayload, {
    nullable: true,
    description: 'Holders of the role move to `replacementRole`; without one, a role still in use is refused with CONFLICT.',
  })
  async deleteRole(@Arg('input', () => DeleteRoleInput) input: DeleteRoleInput, @Ctx() context: RequestContext): Promise<DeletedPayload> {
    return toDeleted(await this.roles.delete(requireCaller(context), input.tenantId, input.role, input.replacementRole ?? null));
  }
}

function toPayload({ result, revision }: Changed<RoleType>): RolePayload {
  return { role: result, revision: revision.toString() };
}
