import { randomUUID } from 'node:crypto';
import type { GatewayForTests } from './gateway.js';
import { ROOT_KEY } from './gateway.js';
import { Client } from './client.js';

export interface TenantSeed {
  /** `fastn` without one. */
  readonly matrix?: string;
  readonly plan?: string;
  readonly departments?: readonly string[];
  readonly customers?: readonly string[];
}

/** Somebody in the tests, signed in. */
export interface Person {
  readonly userId: string;
  readonly client: Client;
}

/** Makes fresh tenants and people for each test, through the API as an operator would, with ids that no other test has. */
export class World {
  readonly root: Client;
  readonly anonymous: Client;

  constructor(private readonly test: Pick<GatewayForTests, 'url' | 'gateway'>) {
    this.anonymous = new Client(test.url);
    this.root = this.anonymous.as(ROOT_KEY);
  }

  unique(name: string): string {
    return `${name}-${randomUUID().slice(0, 8)}`;
  }

  /** A user; their client is signed in. */
  async person(name = 'user', accountRole: 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER' = 'MEMBER'): Promise<Person> {
    const userId = this.unique(name);
    await must(this.root.mutate('createUser', { id: userId, name, email: `${userId}@people.example`, accountRole }, 'user { id }'));
    return { userId, client: this.anonymous.as(await this.signIn(userId)) };
  }

  /** A token of a new sign-in; passwords are left out, since hashing one takes longer than a whole test. */
  async signIn(userId: string): Promise<string> {
    const { transactions, signIns, users } = this.test.gateway.parts;
    return transactions.run(async (tx) => (await signIns.begin((await users.find(userId, tx))!, tx)).accessToken);
  }

  /** A tenant with its owner, or first admin, who is signed in. */
  async tenant({ matrix = 'fastn', plan = 'enterprise', departments = [], customers = [] }: TenantSeed = {}): Promise<{ tenantId: string; owner: Person }> {
    const owner = await this.person('owner');
    const tenantId = this.unique('tenant');
    await must(this.root.mutate('createTenant', { id: tenantId, name: 'A tenant', matrix, plan, ownerId: owner.userId }, 'revision'));
    for (const id of departments) await must(this.root.mutate('createDepartment', { tenantId, id, name: id }, 'revision'));
    for (const id of customers) await must(this.root.mutate('createCustomer', { tenantId, id, name: id }, 'revision'));
    return { tenantId, owner };
  }

  async member(tenantId: string, role: string, more: { customerId?: string; expiresAt?: string; accountRole?: 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER' } = {}): Promise<Person> {
    const { accountRole = 'MEMBER', ...rest } = more;
    const person = await this.person(role.replaceAll('_', '-'), accountRole);
    await must(this.root.mutate('addMember', { tenantId, userId: person.userId, role, ...rest }, 'revision'));
    return person;
  }

  /** A key's client. Without a tenant, a platform key. */
  async key(tenantId: string | null, capabilities: readonly string[]): Promise<Client> {
    const { data } = await must(this.root.mutate<{ secret: string }>('createApiKey', { tenantId, name: 'a key', capabilities }, 'secret'));
    return this.anonymous.as(data!['createApiKey']!.secret);
  }
}

/** The answer, which must have no errors. */
export async function must<Answer extends { readonly errors: readonly unknown[]; readonly text: string }>(sent: Promise<Answer>): Promise<Answer> {
  const answer = await sent;
  if (answer.errors.length > 0) throw new Error(`the gateway refused: ${answer.text}`);
  return answer;
}
