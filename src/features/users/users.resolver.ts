import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import { requireIdentifier } from '../input.js';
import { pageOfMemberships } from '../memberships/membership-pages.js';
import type { MembershipService } from '../memberships/memberships.service.js';
import { MembershipConnection } from '../memberships/memberships.types.js';
import type { UserService } from './users.service.js';
import { CreateUserInput, SetAccountRoleInput, UpdateUserInput, UserConnection, UserInput, UserPayload, UserType } from './users.types.js';

const optional = { nullable: true };

@Resolver(() => UserType)
export class UserResolver {
  constructor(
    private readonly users: UserService,
    private readonly members: MembershipService,
  ) {}

  @Query(() => UserType, { nullable: true, description: 'For the user themselves, and for whoever holds platform.users.' })
  user(@Arg('id', () => ID) id: string): Promise<UserType | null> {
    return this.users.find(requireIdentifier('id', id));
  }

  @Query(() => UserConnection, { name: 'users', nullable: true, description: 'By id. For whoever holds platform.users.' })
  async list(
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Arg('search', () => String, { nullable: true, description: 'Part of an id, a name or an address, whatever the case.' }) search: string | null,
  ) {
    const list = ['users', search ?? null];
    const page = await this.users.list(toPageRequest(list, { first, after }), search ?? null);
    return connectionOf(list, page, (user) => user.id, (user) => user);
  }

  @FieldResolver(() => MembershipConnection, {
    nullable: true,
    description: 'By tenant. For the user themselves, and for whoever holds platform.users.',
  })
  memberships(
    @Root() user: UserType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    return pageOfMemberships(this.members, user.id, { first, after }, loaders);
  }

  @Mutation(() => UserPayload, { nullable: true })
  async createUser(@Arg('input', () => CreateUserInput) input: CreateUserInput, @Ctx() context: RequestContext): Promise<UserPayload> {
    const { id = null, name, email = null, accountRole } = input;
    return { user: await this.users.create(requireCaller(context), { id, name, email, accountRole: accountRole ?? 'MEMBER' }) };
  }

  @Mutation(() => UserPayload, { nullable: true })
  async updateUser(@Arg('input', () => UpdateUserInput) input: UpdateUserInput, @Ctx() context: RequestContext): Promise<UserPayload> {
    const { userId, name = null, email = null } = input;
    return { user: await this.users.update(requireCaller(context), userId, { name, email }) };
  }

  @Mutation(() => UserPayload, { nullable: true, description: 'OWNER is given and taken only by an account OWNER.' })
  async setAccountRole(@Arg('input', () => SetAccountRoleInput) input: SetAccountRoleInput, @Ctx() context: RequestContext): Promise<UserPayload> {
    return { user: await this.users.setAccountRole(requireCaller(context), input.userId, input.accountRole) };
  }

  @Mutation(() => UserPayload, { nullable: true, description: "Ends the user's sign-ins and API keys at once." })
  async disableUser(@Arg('input', () => UserInput) input: UserInput, @Ctx() context: RequestContext): Promise<UserPayload> {
    return { user: await this.users.disable(requireCaller(context), input.userId) };
  }

  @Mutation(() => UserPayload, { nullable: true })
  async enableUser(@Arg('input', () => UserInput) input: UserInput, @Ctx() context: RequestContext): Promise<UserPayload> {
    return { user: await this.users.enable(requireCaller(context), input.userId) };
  }
}
