import { type Capability, isWorkspaceCapability, PLATFORM_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { Client } from '../support/client.js';
import type { GatewayForTests } from '../support/gateway.js';
import { must, type World } from '../support/world.js';
import { type MatrixKey, PEOPLE, type Person, type Row } from './authorization-matrix.js';

/** What the tests call things, under either matrix. */
const WORDS = {
  fastn: { permission: 'connectors.read', otherRole: 'operator' },
  nanami: { permission: 'network.read', otherRole: 'member' },
} as const;

interface Known {
  readonly client: Client;
  /** Null for a key. */
  readonly userId: string | null;
}

/** A tenant, and every kind of caller as seen from it; each is made when it is first asked for. */
export class Stage {
  readonly words: (typeof WORDS)[MatrixKey];
  private readonly people = new Map<Person, Promise<Known>>();
  private readonly keys = new Map<string, Promise<Client>>();

  private constructor(
    readonly test: GatewayForTests,
    readonly world: World,
    readonly matrix: MatrixKey,
    readonly tenantId: string,
    readonly otherTenantId: string,
    private readonly first: Known,
  ) {
    this.words = WORDS[matrix];
  }

  static async make(test: GatewayForTests, world: World, matrix: MatrixKey): Promise<Stage> {
    const mine = await world.tenant({ matrix, departments: ['sales'], customers: ['acme'] });
    const other = await world.tenant({ matrix, departments: ['sales'], customers: ['acme'] });
    return new Stage(test, world, matrix, mine.tenantId, other.tenantId, mine.owner);
  }

  /** Everybody, by kind, who is one person. */
  get kindsOfPeople(): readonly Person[] {
    return [...PEOPLE[this.matrix], ...PEOPLE.both];
  }

  person(kind: Person): Promise<Known> {
    const made = this.people.get(kind) ?? this.makePerson(kind);
    this.people.set(kind, made);
    return made;
  }

  /** A member whom somebody else is asked about, or does something to. */
  member(role = 'viewer'): Promise<{ readonly userId: string }> {
    return this.world.member(this.tenantId, role);
  }

  key(tenantId: string | null, capabilities: readonly Capability[]): Promise<Client> {
    const name = JSON.stringify([tenantId, capabilities]);
    const made = this.keys.get(name) ?? this.world.key(tenantId, capabilities);
    this.keys.set(name, made);
    return made;
  }

  /** Keys that get through to the field of this row, by kind; `reach` is what they need to come as far as the field. */
  async keysThrough({ keys }: Row, reach: readonly Capability[]): Promise<[string, Client][]> {
    const named: [string, Client][] = [['root key', this.world.root]];
    for (const capability of keys) {
      named.push([`platform key with ${capability}`, await this.key(null, [...reach, capability])]);
      if (isWorkspaceCapability(capability)) named.push([`tenant key with ${capability}`, await this.key(this.tenantId, [...reach, capability])]);
    }
    return named;
  }

  /** Keys that hold everything but what the row demands, or everything in another tenant. */
  async keysRefused({ keys }: Row): Promise<[string, Client][]> {
    const lacking = <C extends Capability>(all: readonly C[]): C[] => all.filter((capability) => !keys.includes(capability));
    return [
      ['platform key without', await this.key(null, lacking([...WORKSPACE_CAPABILITIES, ...PLATFORM_CAPABILITIES]))],
      ['tenant key without', await this.key(this.tenantId, lacking(WORKSPACE_CAPABILITIES))],
      ['key of another tenant', await this.key(this.otherTenantId, WORKSPACE_CAPABILITIES)],
    ];
  }

  private async makePerson(kind: Person): Promise<Known> {
    const { world, tenantId, otherTenantId, test, words } = this;
    switch (kind) {
      case 'owner':
        return this.first;
      case 'end_user':
        return world.member(tenantId, kind, { customerId: 'acme' });
      case 'admin bound to a customer':
        return world.member(tenantId, 'admin', { customerId: 'acme' });
      case 'suspended admin': {
        const admin = await world.member(tenantId, 'admin');
        await must(world.root.mutate('suspendMember', { tenantId, userId: admin.userId }, 'revision'));
        return admin;
      }
      case 'expired admin': {
        const admin = await world.member(tenantId, 'admin', { expiresAt: new Date(test.clock.now() + 1000).toISOString() });
        test.clock.advance(1000);
        return admin;
      }
      case 'viewer account that is an admin':
        return world.member(tenantId, 'admin', { accountRole: 'VIEWER' });
      case 'account ADMIN that is a viewer':
        return world.member(tenantId, 'viewer', { accountRole: 'ADMIN' });
      case 'account ADMIN of another tenant':
        return world.member(otherTenantId, 'admin', { accountRole: 'ADMIN' });
      case 'account OWNER':
        return world.person('account-owner', 'OWNER');
      case 'member of another tenant':
        return world.member(otherTenantId, words.otherRole);
      case 'admin of another tenant':
        return world.member(otherTenantId, 'admin');
      case 'nobody':
        return world.person('nobody');
      default:
        return world.member(tenantId, kind);
    }
  }
}
