import { Client, type Variables } from '../support/client.js';
import { type GatewayForTests, ROOT_KEY } from '../support/gateway.js';
import { World as GatewayWorld } from '../support/world.js';
import type { Decider, Effective, Step } from './decider.js';
import type { Policy } from './domain-decider.js';
import { own, type Answer, type Ask, type Scene, type World } from './world.js';
import { type LoadedWorld, WorldLoader } from './world-loader.js';

const ANSWER = 'allowed reason role';
const AS_OF_NOW = 'consistency: { mode: FULL }';

const CHECK = `query($input: CheckInput!) { check(input: $input, ${AS_OF_NOW}) { ${ANSWER} } }`;
const CHECKS = `query($inputs: [CheckInput!]!) { checks(inputs: $inputs, ${AS_OF_NOW}) { ${ANSWER} } }`;
const CHECK_PERMISSIONS = `query($input: CheckPermissionsInput!) { checkPermissions(input: $input, ${AS_OF_NOW}) { allowed } }`;
const EXPLAIN = `query($input: CheckInput!) {
  explain(input: $input, ${AS_OF_NOW}) { decision { ${ANSWER} } steps { rule passed detail } }
}`;
const EFFECTIVE = `query($input: EffectivePermissionsInput!) {
  effectivePermissions(input: $input, ${AS_OF_NOW}) {
    keys role reason categories { category held total } departmentRoles { departmentId role }
  }
}`;
const WHO = `query($input: UsersWithPermissionInput!, $after: String) {
  usersWithPermission(input: $input, first: 100, after: $after) {
    edges { node { id accountRole status } } pageInfo { hasNextPage endCursor }
  }
}`;
const CAN = `query($tenantId: ID!, $permission: String!, $departmentId: ID, $customerId: ID, $ownerId: ID, $surface: Surface) {
  viewer {
    can(
      tenantId: $tenantId, permission: $permission, departmentId: $departmentId, customerId: $customerId,
      ownerId: $ownerId, surface: $surface
    )
  }
}`;

interface Explained {
  readonly decision: Answer;
  readonly steps: readonly Step[];
}

interface Found extends Omit<Effective, 'departmentRoles'> {
  readonly departmentRoles: readonly { readonly departmentId: string; readonly role: string }[];
}

interface Holder {
  readonly id: string;
  readonly accountRole: string;
  readonly status: string;
}

interface HolderPage {
  readonly edges: readonly { readonly node: Holder }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A whole gateway, asked over HTTP: by a service that holds the root key, and by the people themselves. */
export class GatewayDecider implements Decider {
  readonly name = 'a gateway over GraphQL';
  readonly effectiveHeedsOwner = false;
  readonly takesAnyWorld = false;
  private readonly service: Client;
  private readonly people: GatewayWorld;
  private readonly worlds: WorldLoader;
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(
    private readonly test: GatewayForTests,
    policy: Policy,
  ) {
    this.service = new Client(test.url, ROOT_KEY);
    this.people = new GatewayWorld(test);
    this.worlds = new WorldLoader(test, policy);
  }

  async check(world: World, ask: Ask, at: number): Promise<Answer> {
    const names = await this.goTo(world, at);
    const { check } = await this.service.ask<{ check: Answer }>(CHECK, { input: checkInput(ask, names) });
    return check;
  }

  async checks(world: World, asks: readonly Ask[], at: number): Promise<readonly Answer[]> {
    const names = await this.goTo(world, at);
    const inputs = asks.map((ask) => checkInput(ask, names));
    const { checks } = await this.service.ask<{ checks: Answer[] }>(CHECKS, { inputs });
    return checks;
  }

  async checkPermissions(world: World, scene: Scene, permissions: readonly string[], at: number): Promise<readonly boolean[]> {
    const names = await this.goTo(world, at);
    const input = { ...placeInput(scene, names), permissions };
    const answer = await this.service.ask<{ checkPermissions: { allowed: boolean[] } }>(CHECK_PERMISSIONS, { input });
    return answer.checkPermissions.allowed;
  }

  async explain(world: World, ask: Ask, at: number): Promise<Explained> {
    const names = await this.goTo(world, at);
    const { explain } = await this.service.ask<{ explain: Explained }>(EXPLAIN, { input: checkInput(ask, names) });
    return explain;
  }

  async effective(world: World, scene: Scene, at: number): Promise<Effective> {
    const names = await this.goTo(world, at);
    const { ownerId: _ownerId, ...input } = placeInput(scene, names);
    const { effectivePermissions: found } = await this.service.ask<{ effectivePermissions: Found }>(EFFECTIVE, { input });
    const departmentRoles = found.departmentRoles.map(({ departmentId, role }) => ({ department: departmentId, role }));
    return { ...found, departmentRoles };
  }

  async who(world: World, ask: Omit<Ask, 'user' | 'owner'>, at: number): Promise<readonly string[]> {
    const names = await this.goTo(world, at);
    const { userId: _userId, ownerId: _ownerId, ...input } = checkInput({ ...ask, user: '-', owner: null }, names);
    const holders = await this.holders(input);
    const strangers = holders.filter(({ id }) => names.userNamed(id) === undefined && !names.isFounder(id));
    // Account owners of other worlds are allowed everything here as well; nobody else of theirs may be listed.
    const wrong = strangers.filter(({ accountRole, status }) => accountRole !== 'OWNER' || status !== 'ACTIVE');
    if (wrong.length > 0) throw new Error(`people of another world are listed: ${JSON.stringify(wrong)}`);
    return holders.map(({ id }) => names.userNamed(id)).filter((id) => id !== undefined);
  }

  async can(world: World, ask: Ask, at: number): Promise<boolean> {
    const asked = await this.askOneself<{ viewer: { can: boolean } }>(world, ask, at, CAN, (names) => {
      const { userId: _userId, ...variables } = checkInput(ask, names);
      return variables;
    });
    return asked !== null && asked.viewer.can;
  }

  /** As `check`, asked by the user about themselves; null where they cannot ask. */
  async checkOneself(world: World, ask: Ask, at: number): Promise<Answer | null> {
    const asked = await this.askOneself<{ check: Answer }>(world, ask, at, CHECK, (names) => ({ input: checkInput(ask, names) }));
    return asked === null ? null : asked.check;
  }

  /** Null for somebody who does not exist, or whose sign-in counts for nothing because they are disabled. */
  private async askOneself<Data>(
    world: World,
    { user }: Ask,
    at: number,
    query: string,
    variables: (names: LoadedWorld) => Variables,
  ): Promise<Data | null> {
    const names = await this.goTo(world, at);
    const status = own(world.users, user)?.status;
    if (status === undefined) return null;
    const client = this.service.as(await this.signIn(names.nameOf(user), at));
    if (status === 'ACTIVE') return client.ask<Data>(query, variables(names));
    const codes = await client.codes(query, variables(names));
    if (codes.join() !== 'UNAUTHENTICATED') throw new Error(`a disabled user was answered: ${JSON.stringify(codes)}`);
    return null;
  }

  private signIn(name: string, at: number): Promise<string> {
    const key = `${at} ${name}`;
    const token = this.tokens.get(key) ?? this.people.signIn(name);
    this.tokens.set(key, token);
    return token;
  }

  /** Everybody who is listed, page by page. */
  private async holders(input: Variables): Promise<Holder[]> {
    const holders: Holder[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { usersWithPermission: page }: { usersWithPermission: HolderPage } = await this.service.ask(WHO, { input, after });
      holders.push(...page.edges.map(({ node }) => node));
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    return holders;
  }

  /** The world, loaded, at the time of the question. */
  private async goTo(world: World, at: number): Promise<LoadedWorld> {
    const names = await this.worlds.load(world);
    this.test.clock.set(new Date(at).toISOString());
    return names;
  }
}

function placeInput({ user, tenant, department, customer, owner, surface }: Scene, { nameOf }: LoadedWorld) {
  return {
    userId: nameOf(user),
    tenantId: nameOf(tenant),
    departmentId: department,
    customerId: customer,
    ownerId: owner === null ? null : nameOf(owner),
    surface,
  };
}

function checkInput(ask: Ask, names: LoadedWorld) {
  return { ...placeInput(ask, names), permission: ask.permission };
}
