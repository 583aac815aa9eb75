import type { Page, PageRequest } from '../../domain/page.js';
import type { AuditEvent, AuditStore } from './audit.store.js';

/** What happened in a tenant, one event a change. */
export class AuditService {
  constructor(private readonly events: AuditStore) {}

  list(tenantId: string, request: PageRequest): Promise<Page<AuditEvent>> {
    return this.events.list(tenantId, request);
  }
}
