import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
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
  ) {
    const list = ['audit-log', tenant.id];
    const page = await this.audit.list(tenant.id, toPageRequest(list, { first, after }));
    return connectionOf(
      list,
      page,
      (event) => event.revision.toString(),
      (event) => ({ ...event, revision: event.revision.toString() }),
    );
  }
}
