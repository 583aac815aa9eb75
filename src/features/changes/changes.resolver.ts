import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { Principal } from '../../access/principal.js';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { openedBySources, type Sources } from '../../graphql/schema.js';
import { requireIdentifier } from '../input.js';
import type { ChangeStreams } from './change-streams.js';
import { PermissionsChangeType } from './changes.types.js';
import type { TenantChange } from './tenant-change.js';

interface FollowArguments {
  readonly tenantId: string;
  readonly after?: string | null;
}

@Resolver(() => PermissionsChangeType)
export class ChangeResolver {
  readonly sources: Sources = {
    permissionsChanged: (_root, { tenantId, after }: FollowArguments) => this.streams.follow(requireIdentifier('tenantId', tenantId), after ?? null),
  };

  constructor(private readonly streams: ChangeStreams) {}

  @Subscription(() => PermissionsChangeType, {
    nullable: true,
    subscribe: openedBySources,
    description:
      'Each change of the tenant after the revision `after`, or from now on without it: one event a revision, in order, each exactly once. What time alone ' +
      'changes, as a membership that expires, is no revision; nor is what becomes of an account that does not belong to the tenant. For its ' +
      'members who hold tenant.read. `after` is a revision of the last 24 hours that was returned here (else BAD_USER_INPUT: ask anew, and subscribe from ' +
      "that answer's revision). The stream ends with UNAUTHENTICATED or FORBIDDEN once the caller loses the right, with UNAVAILABLE where changes " +
      'cannot be had. At most 100 at a time for each caller and node (else LIMIT_EXCEEDED).',
  })
  permissionsChanged(
    @Arg('tenantId', () => ID) _tenantId: string,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
    @Root() change: TenantChange | null,
    @Ctx() context: RequestContext,
  ): PermissionsChangeType | null {
    if (change === null) return null;
    const { tenantId, revision, touches } = change;
    const userIds = touches === 'everybody' ? null : touches;
    return { tenantId, revision: revision.toString(), affectsViewer: concerns(requireCaller(context), userIds), userIds };
  }
}

function concerns(caller: Principal, userIds: readonly string[] | null): boolean {
  const person = caller.kind === 'user' ? caller.userId : caller.boundTo;
  return userIds === null || (person !== null && userIds.includes(person));
}
