import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Surface } from '../../domain/facts.js';
import { type MaybePromise, whenKnown } from '../../domain/maybe-promise.js';
import { emptyPage } from '../../domain/page.js';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { SurfaceEnum } from '../../graphql/enums.js';
import { connectionOf } from '../../graphql/pages.js';
import { type DecisionService, LOW_LATENCY } from '../decisions/decisions.service.js';
import { toCheck } from '../decisions/questions.js';
import { pageOfMemberships } from '../memberships/membership-pages.js';
import type { MembershipService } from '../memberships/memberships.service.js';
import { MembershipConnection } from '../memberships/memberships.types.js';
import type { UserService } from '../users/users.service.js';
import { UserType } from '../users/users.types.js';
import { ViewerType } from './viewer.types.js';

const optional = { nullable: true };

@Resolver(() => ViewerType)
export class ViewerResolver {
  constructor(
    private readonly users: UserService,
    private readonly members: MembershipService,
    private readonly decisions: DecisionService,
  ) {}

  @Query(() => ViewerType, { nullable: true, description: 'The caller: who they are, where they belong, what they may do.' })
  viewer(@Ctx() context: RequestContext): ViewerType {
    return { principal: requireCaller(context) };
  }

  @FieldResolver(() => UserType, { nullable: true, description: "Null for a service's API key." })
  user(@Root() { principal }: ViewerType, @Ctx() { loaders }: RequestContext): Promise<UserType | null> | null {
    return principal.kind === 'user' ? loaders.load(this.users.findAll, principal.userId) : null;
  }

  @FieldResolver(() => MembershipConnection, { description: 'By tenant.' })
  async memberships(
    @Root() { principal }: ViewerType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    if (principal.kind === 'user') return pageOfMemberships(this.members, principal.userId, { first, after }, loaders);
    return connectionOf(['memberships-of-key'], emptyPage(), () => '', () => null);
  }

  @FieldResolver(() => Boolean, { description: 'False for an API key, which is nobody.' })
  can(
    @Root() { principal }: ViewerType,
    @Arg('tenantId', () => ID) tenantId: string,
    @Arg('permission', () => String) permission: string,
    @Arg('departmentId', () => ID, optional) departmentId: string | null,
    @Arg('customerId', () => ID, optional) customerId: string | null,
    @Arg('ownerId', () => ID, optional) ownerId: string | null,
    @Arg('surface', () => SurfaceEnum, { nullable: true, defaultValue: 'PLATFORM' }) surface: Surface | null,
  ): MaybePromise<boolean> {
    if (principal.kind === 'key') return false;
    const asked = { userId: principal.userId, tenantId, permission, departmentId, customerId, ownerId, surface };
    return whenKnown(this.decisions.check(principal, toCheck(asked, () => 'viewer', principal), LOW_LATENCY), ({ allowed }) => allowed);
  }
}
