import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import { RoleType } from '../matrices/matrices.types.js';
import type { MembershipParts } from '../memberships/membership-parts.js';
import { MembershipPayload } from '../memberships/memberships.types.js';
import { CustomerType, TenantType } from '../tenants/tenants.types.js';
import type { AcceptanceService } from './acceptance.service.js';
import type { InvitationService } from './invitations.service.js';
import { AcceptInvitationInput, InvitationConnection, InvitationInput, InvitationPayload, InvitationType, InviteMemberInput } from './invitations.types.js';

const optional = { nullable: true };

@Resolver(() => InvitationType)
export class InvitationResolver {
  constructor(
    private readonly invitations: InvitationService,
    private readonly acceptances: AcceptanceService,
    private readonly parts: MembershipParts,
  ) {}

  @FieldResolver(() => RoleType)
  role(@Root() invitation: InvitationType, @Ctx() { loaders }: RequestContext): RoleType | Promise<RoleType> {
    return this.parts.role(invitation, loaders);
  }

  @FieldResolver(() => CustomerType, { nullable: true })
  customer(@Root() invitation: InvitationType, @Ctx() { loaders }: RequestContext): Promise<CustomerType | null> | null {
    return this.parts.customer(invitation, loaders);
  }

  @Mutation(() => InvitationPayload, { nullable: true })
  async inviteMember(@Arg('input', () => InviteMemberInput) input: InviteMemberInput, @Ctx() context: RequestContext): Promise<InvitationPayload> {
    const { tenantId, email, role, customerId = null, expiresAt = null } = input;
    const { result, revision } = await this.invitations.invite(requireCaller(context), tenantId, { email, role, customerId, expiresAt });
    return { ...result, revision: revision.toString() };
  }

  @Mutation(() => InvitationPayload, { nullable: true })
  async revokeInvitation(@Arg('input', () => InvitationInput) input: InvitationInput, @Ctx() context: RequestContext): Promise<InvitationPayload> {
    const { result, revision } = await this.invitations.revoke(requireCaller(context), input.tenantId, input.invitationId);
    return { invitation: result, secret: null, revision: revision.toString() };
  }

  @Mutation(() => MembershipPayload, {
    nullable: true,
    description:
      'By the invited person, with the secret from the invitation: signed in where there is an account of the invited address (UNAUTHENTICATED or FORBIDDEN otherwise), else with a name and a password for one.',
  })
  async acceptInvitation(@Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput, @Ctx() context: RequestContext): Promise<MembershipPayload> {
    const { secret, name = null, password = null } = input;
    const { result, revision } = await this.acceptances.accept(context.principal, secret, { name, password }, context.address);
    return { membership: result, revision: revision.toString() };
  }
}

/** A tenant's invitations, as a field of the tenant. */
@Resolver(() => TenantType)
export class TenantInvitationResolver {
  constructor(private readonly invitations: InvitationService) {}

  @FieldResolver(() => InvitationConnection, { name: 'invitations', nullable: true, description: 'By id. For whoever holds member.read.' })
  async list(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    const list = ['invitations', tenant.id];
    const request = toPageRequest(list, { first, after });
    const page = await loaders.load(this.invitations.listPages, { parentId: tenant.id, request, filter: null });
    return connectionOf(list, page, (invitation) => invitation.id, (invitation) => invitation);
  }
}
