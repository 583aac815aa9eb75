import type { Clock } from '../../domain/clock.js';
import { decide } from '../../domain/decide.js';
import type { TenantFrame } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import { emptyPage, type Page, type PageRequest, pageOf } from '../../domain/page.js';
import type { CandidateFilter, CandidateStore } from './candidates.store.js';
import type { CheckInTenant } from './decisions.service.js';
import type { FactsCache } from './facts-cache.js';

/** A question that leaves open who asks. */
export type AskedOfAll = Omit<CheckInTenant, 'userId' | 'ownerId'>;

const CANDIDATES_PER_STATEMENT = 500;
const MAX_COUNTED = 10_000;

/** "Who may do this here?": those, and only those, whom `check` would allow. */
export class AllowedUserService {
  constructor(
    private readonly candidates: CandidateStore,
    private readonly facts: FactsCache,
    private readonly clock: Clock,
  ) {}

  /** User ids in order. Everybody on a page has been decided on; nobody is filtered out of it afterwards. */
  async list(question: AskedOfAll, request: PageRequest): Promise<Page<string>> {
    const filter = await this.filterFor(question);
    if (filter === null) return emptyPage();
    const allowed: string[] = [];
    let after = request.after ?? '';
    while (allowed.length <= request.limit) {
      const userIds = await this.candidates.list(filter, after, CANDIDATES_PER_STATEMENT);
      allowed.push(...(await this.allowedAmong(userIds, question)));
      if (userIds.length < CANDIDATES_PER_STATEMENT) break;
      after = userIds.at(-1)!;
    }
    return pageOf(allowed, request, () => this.count(filter, question));
  }

  /** Null where there are so many candidates that counting would mean deciding on them all. */
  private async count(filter: CandidateFilter, question: AskedOfAll): Promise<number | null> {
    let allowed = 0;
    let after = '';
    for (let seen = 0; seen < MAX_COUNTED; seen += CANDIDATES_PER_STATEMENT) {
      const userIds = await this.candidates.list(filter, after, CANDIDATES_PER_STATEMENT);
      allowed += (await this.allowedAmong(userIds, question)).length;
      if (userIds.length < CANDIDATES_PER_STATEMENT) return allowed;
      after = userIds.at(-1)!;
    }
    return null;
  }

  private async allowedAmong(userIds: readonly string[], question: AskedOfAll): Promise<string[]> {
    const facts = await this.facts.loadAll(userIds.map((userId) => ({ tenantId: question.tenantId, userId })));
    const now = this.clock.now();
    return userIds.filter((userId, i) => decide({ ...question, userId, ownerId: null }, facts[i]!, now).allowed);
  }

  private async filterFor({ tenantId, permission, departmentId }: AskedOfAll): Promise<CandidateFilter | null> {
    const { frame } = await this.facts.load(tenantId, NOBODY);
    const index = frame?.matrix.findPermission(permission)?.index;
    if (frame === null || index === undefined) return null;
    return { tenantId, departmentId, roleKeys: rolesHolding(frame, index), accountRoles: accountRolesGiving(frame, index) };
  }
}

/** Whoever that is: what is wanted is the frame of the tenant. */
const NOBODY = '-';

function rolesHolding(frame: TenantFrame, index: number): string[] {
  const roles = [...frame.matrix.roles.values(), ...frame.customRoles.values()];
  return roles.filter((role) => role.permissions.has(index)).map((role) => role.key);
}

function accountRolesGiving(frame: TenantFrame, index: number): AccountRole[] {
  const all: readonly AccountRole[] = ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'];
  return all.filter((accountRole) => {
    if (accountRole === 'OWNER') return true;
    const byRole = accountRole === 'ADMIN' && frame.matrix.firstAdminRole?.permissions.has(index) === true;
    return byRole || frame.matrix.permissionsOfAccountRole(accountRole)?.has(index) === true;
  });
}
