import { bookOf } from '../decisions/book.js';
import type { Client, GraphqlAnswer } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { CASTS, FIRST_INVITATIONS, FIRST_KEYS, FIRST_OVERRIDES, FIRST_ROLES, FOUNDER } from './cast.js';
import type { Deed, Payload } from './deed.js';
import { type Law, Model, type ModelTenant, type Progress, TENANT } from './model.js';

export type Sent = GraphqlAnswer<Record<string, Payload | null>>;

/** Mutations that name no tenant. */
const ABOVE_TENANTS: ReadonlySet<string> = new Set(['setAccountRole', 'disableUser', 'enableUser', 'acceptInvitation']);

/** The gateway as a run meets it: a tenant and people of its own, and a table from the model's names to ids and secrets. */
export class Stage {
  private readonly world: World;
  private readonly ids = new Map<string, string>();
  private readonly clients = new Map<string, Client>();
  /** Of sign-ins that were ended. */
  readonly ended: Client[] = [];
  tenantId = '';

  constructor(readonly test: GatewayForTests) {
    this.world = new World(test);
    this.clients.set('root', this.world.root);
    this.clients.set('nobody', this.world.anonymous);
  }

  get root(): Client {
    return this.world.root;
  }

  client(name: string): Client {
    return this.clients.get(name)!;
  }

  /** The id or secret that stands for a name of the model's; itself for what has one name only, such as a role. */
  idOf(name: string): string {
    return this.ids.get(name) ?? name;
  }

  nameOf(id: string): string {
    return [...this.ids].find(([, own]) => own === id)?.[0] ?? id;
  }

  /** Who is meant by an actor of the audit log. */
  nameOfActor(actor: string): string {
    return this.nameOf(actor.replace(/^key:/, ''));
  }

  /** How far the tenant, its audit log and the platform's have come. */
  async progress(): Promise<Progress> {
    const [row] = await this.sql<{ revision: string; events: number; platform: number }>(
      `SELECT t.revision, (SELECT count(*)::int FROM audit_events e WHERE e.tenant_id = t.id) AS events,
         (SELECT count(*)::int FROM audit_events e WHERE e.tenant_id = '') AS platform
       FROM tenants t WHERE t.id = $1`,
    );
    return { revision: Number(row!.revision), events: row!.events, platformEvents: row!.platform };
  }

  /** A statement of which $1 is the tenant's id, past the gateway. */
  sql<Row>(statement: string): Promise<Row[]> {
    return this.test.gateway.database.dataSource.query(statement, [this.tenantId]);
  }

  send(caller: string, deed: Deed, model: Model): Promise<Sent> {
    const named = { ...(!ABOVE_TENANTS.has(deed.mutation) && { tenantId: TENANT }), ...deed.input(model) };
    const input = Object.fromEntries(Object.entries(named).map(([field, value]) => [field, typeof value === 'string' ? this.idOf(value) : value]));
    return this.client(caller).mutate(deed.mutation, input, [deed.gift?.select, REVISION[deed.mutation] ?? 'revision'].join(' '));
  }

  /** Remembers the id and the secret of what an accepted deed has made. */
  learn(made: string, { invitation, apiKey, secret }: Payload): void {
    this.ids.set(made, (invitation ?? apiKey)!.id);
    if (invitation !== undefined) this.ids.set(`secret ${made}`, secret!);
    else this.clients.set(made, this.world.anonymous.as(secret!));
  }

  async signIn(person: string): Promise<void> {
    const before = this.clients.get(person);
    if (before !== undefined) this.ended.push(before);
    this.clients.set(person, this.world.anonymous.as(await this.world.signIn(this.idOf(person))));
  }

  /** Brings everybody in, and the first role, departments, customers and keys. */
  async furnish(matrixKey: string): Promise<Model> {
    const model = new Model(lawOf(this.test, matrixKey), firstDay(matrixKey), this.test.clock.now());
    const cast = Object.entries(CASTS[matrixKey]!);
    await Promise.all(cast.map(([name, { accountRole }]) => this.invent(name, accountRole)));
    this.tenantId = this.world.unique('tenant');
    this.ids.set(TENANT, this.tenantId);
    const ownerId = this.idOf(FOUNDER);
    await must(this.root.mutate('createTenant', { id: this.tenantId, name: 'A tenant', matrix: matrixKey, plan: 'enterprise', ownerId }, 'revision'));
    for (const id of ['d1', 'd2']) await this.make('createDepartment', { id, name: id });
    for (const id of ['c1', 'c2']) await this.make('createCustomer', { id, name: id });
    for (const [key, permissions] of Object.entries(FIRST_ROLES[matrixKey]!)) await this.make('createRole', { key, name: key, permissions });
    for (const [name, { role, customer }] of cast) {
      if (role !== null && name !== FOUNDER) await this.make('addMember', { userId: this.idOf(name), role, customerId: customer });
    }
    for (const { user, department, role } of FIRST_OVERRIDES) {
      await this.make('setDepartmentOverride', { userId: this.idOf(user), departmentId: department, role });
    }
    for (const key of FIRST_KEYS) await this.makeKey(model, key);
    for (const invitation of FIRST_INVITATIONS) await this.invite(model, invitation);
    model.progress = await this.progress();
    return model;
  }

  private async invent(name: string, accountRole: 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER'): Promise<void> {
    const { userId, client } = await this.world.person(name.slice(1), accountRole);
    this.ids.set(name, userId);
    this.ids.set(`mail ${name}`, `${userId}@people.example`);
    this.clients.set(name, client);
  }

  private async make(mutation: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    await must(this.root.mutate(mutation, { tenantId: this.tenantId, ...input }, 'revision'));
  }

  private async makeKey(model: Model, { maker, ofTenant, capabilities }: (typeof FIRST_KEYS)[number]): Promise<void> {
    const name = `#${Object.keys(model.keys).length}`;
    const input = { tenantId: ofTenant ? this.tenantId : null, name: 'a key', capabilities };
    const { data } = await must(this.client(maker).mutate<Payload>('createApiKey', input, 'apiKey { id } secret'));
    this.learn(name, data!['createApiKey']!);
    model.keys[name] = { ofTenant, capabilities, boundTo: maker === 'root' ? null : maker, madeBy: maker, expiresAt: null, revoked: false };
  }

  private async invite(model: Model, { inviter, person, role, customer }: (typeof FIRST_INVITATIONS)[number]): Promise<void> {
    const name = `!${Object.keys(model.invitations).length}`;
    const expiresAt = model.in(60);
    const input = { tenantId: this.tenantId, email: this.idOf(`mail ${person}`), role, customerId: customer, expiresAt: new Date(expiresAt).toISOString() };
    const { data } = await must(this.client(inviter).mutate<Payload>('inviteMember', input, 'invitation { id } secret'));
    this.learn(name, data!['inviteMember']!);
    model.invitations[name] = { person, role, customer, invitedBy: inviter, expiresAt, status: 'PENDING' };
  }
}

/** What to read of payloads without a revision. */
const REVISION: Readonly<Record<string, string>> = {
  setAccountRole: 'user { id }',
  disableUser: 'user { id }',
  enableUser: 'user { id }',
  createApiKey: '',
  revokeApiKey: 'apiKey { id }',
};

function lawOf({ gateway: { policy } }: GatewayForTests, matrixKey: string): Law {
  const matrices = new Map(policy.matrices.map(({ matrix }) => [matrix.key, matrix]));
  const book = bookOf({ matrices, plans: policy.plans.plans });
  const guards = GUARDED.flatMap((capability): [string, string][] => {
    const guard = matrices.get(matrixKey)!.guardOf(capability);
    return guard === undefined || guard === 'member' ? [] : [[capability, guard.permission]];
  });
  return { book, matrixKey, matrix: book.matrices.get(matrixKey)!, guards: new Map(guards) };
}

const GUARDED = ['member.manage', 'role.manage', 'department.manage', 'customer.manage', 'apiKey.manage', 'tenant.update'] as const;

function firstDay(matrixKey: string): Model['world'] {
  const cast = Object.entries(CASTS[matrixKey]!);
  const overridesOf = (name: string) =>
    FIRST_OVERRIDES.filter(({ user }) => user === name).map(({ department, role }) => [department, { role, expiresAt: null }] as const);
  const members = cast.flatMap(([name, { role, customer }]) =>
    role === null ? [] : [[name, { role, status: 'ACTIVE' as const, customer, expiresAt: null, overrides: Object.fromEntries(overridesOf(name)) }] as const],
  );
  const roles = Object.entries(FIRST_ROLES[matrixKey]!).map(([key, permissions]): [string, ModelTenant['roles'][string]] => [key, { permissions: [...permissions], surface: 'ALL' }]);
  return {
    users: Object.fromEntries(cast.map(([name, { accountRole }]) => [name, { accountRole, status: 'ACTIVE' as const }])),
    tenants: {
      [TENANT]: {
        matrix: matrixKey,
        plan: 'enterprise',
        status: 'ACTIVE',
        departments: ['d1', 'd2'],
        customers: ['c1', 'c2'],
        roles: Object.fromEntries(roles),
        members: Object.fromEntries(members),
      },
    },
  };
}
