import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import { TenantType } from '../tenants/tenants.types.js';
import type { AuditService } from './audit.service.js';
import { AuditEventConnection } from './audit.types.js';

const optional = { nullable: true };

@Resolver(() => TenantType)
export class AuditResolver {
  constructor(private readonly audit: AuditService) {}

  @FieldResolver(() => AuditEventConnection, { nullable: true, description: 'Newest first. For whoever holds audit.read.' })
  async auditLog(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    const list = ['audit-log', tenant.id];
    const request = toPageRequest(list, { first, after });
    const page = await loaders.load(this.audit.listPages, { parentId: tenant.id, request, filter: null });
    return connectionOf(
      list,
      page,
      (event) => event.revision.toString(),
      (event) => ({ ...event, revision: event.revision.toString() }),
    );
  }
}
