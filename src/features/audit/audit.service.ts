import { pagesTogether } from '../../domain/page.js';
import type { AuditStore } from './audit.store.js';

/** What happened in a tenant, one event a change. */
export class AuditService {
  constructor(private readonly events: AuditStore) {}

  readonly listPages = pagesTogether((tenantIds, request) => this.events.listOfTenants(tenantIds, request));
}
