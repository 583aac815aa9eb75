import { randomBytes } from 'node:crypto';
import type { PasswordHasher } from '../../access/password.js';
import { ROOT_KEY } from '../../access/principal.js';
import type { Transactions } from '../../storage/transaction.js';
import type { ApiKeyService } from '../api-keys/api-keys.service.js';
import type { MembershipService } from '../memberships/memberships.service.js';
import type { OverrideService } from '../memberships/overrides.service.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { TenantPartService } from '../tenants/tenant-parts.service.js';
import type { TenantService } from '../tenants/tenants.service.js';
import type { UserService } from '../users/users.service.js';
import { DEMO_PEOPLE, DEMO_PLAN, DEMO_TENANTS, type DemoTenant } from './demo-world.js';

/** The way into the demo: one password for all its people, and a key that may ask about anybody in `acme`. */
export interface DemoCredentials {
  readonly password: string;
  readonly apiKey: string;
}

export interface DemoParts {
  readonly users: UserService;
  readonly tenants: TenantService;
  readonly departments: TenantPartService;
  readonly customers: TenantPartService;
  readonly members: MembershipService;
  readonly overrides: OverrideService;
  readonly keys: ApiKeyService;
  readonly signIns: SignInStore;
  readonly passwords: PasswordHasher;
  readonly transactions: Transactions;
}

/** Puts the demo world in by the same services that serve everybody. */
export class DemoService {
  constructor(private readonly parts: DemoParts) {}

  /** Null where the demo is there already. What an interrupted start left half done is completed. */
  async seed(now: Date): Promise<DemoCredentials | null> {
    const { users, tenants, keys } = this.parts;
    const last = DEMO_TENANTS.at(-1)!;
    if ((await tenants.find(last.id)) !== null) return null;
    const password = randomBytes(9).toString('base64url');
    for (const person of DEMO_PEOPLE) {
      if ((await users.find(person.id)) === null) await users.create(ROOT_KEY, person);
    }
    await this.givePassword(password, now);
    for (const tenant of DEMO_TENANTS) await this.seedTenant(tenant);
    const [acme] = DEMO_TENANTS;
    const capabilities = ['decision.read', 'tenant.read', 'member.read', 'role.read'];
    const { secret } = await keys.create(ROOT_KEY, { tenantId: acme!.id, name: 'Demo: asks about anybody', capabilities, expiresAt: null });
    return { password, apiKey: secret };
  }

  private async givePassword(password: string, now: Date): Promise<void> {
    const { passwords, signIns, transactions } = this.parts;
    const hash = await passwords.hash(password);
    await transactions.run(async (tx) => {
      for (const { id } of DEMO_PEOPLE) await signIns.putPasswordHash(id, hash, now, tx);
    });
  }

  private async seedTenant({ id, name, matrix, ownerId, departments, customers, members }: DemoTenant): Promise<void> {
    if ((await this.parts.tenants.find(id)) !== null) return;
    await this.parts.tenants.create(ROOT_KEY, { id, name, matrix, plan: DEMO_PLAN, ownerId });
    for (const [departmentId, title] of Object.entries(departments)) await this.parts.departments.create(ROOT_KEY, id, departmentId, title);
    for (const [customerId, title] of Object.entries(customers)) await this.parts.customers.create(ROOT_KEY, id, customerId, title);
    for (const { userId, role, customerId = null, overrides = {} } of members) {
      await this.parts.members.add(ROOT_KEY, id, { userId, role, customerId, expiresAt: null });
      for (const [departmentId, overrideRole] of Object.entries(overrides)) {
        await this.parts.overrides.set(ROOT_KEY, id, { userId, departmentId, role: overrideRole, expiresAt: null });
      }
    }
  }
}
