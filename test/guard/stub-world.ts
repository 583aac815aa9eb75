import { buildSchema, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, isEnumType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { FactsReader } from '../../src/access/authority.js';
import { Facts, type Membership, type TenantFrame } from '../../src/domain/facts.js';
import type { AccountRole, RoleMatrix } from '../../src/domain/matrix.js';
import { unavailable } from '../../src/errors.js';

/** Ids that a random question may name; in `tenant-broken` no facts can be had, and `tenant-absent` does not exist. */
export const TENANT_IDS = ['tenant-a', 'tenant-b', 'tenant-absent', 'tenant-broken'] as const;
export const USER_IDS = ['user-a', 'user-b', 'user-c'] as const;

/** Who is what in the stub world: a role for each pair of a tenant and a user, and an account role for each user. */
export interface Standing {
  readonly roles: readonly (string | null)[];
  readonly accountRoles: readonly AccountRole[];
  /** Whether facts are at hand, so that the guard answers synchronously. */
  readonly atHand: boolean;
}

/** Facts out of a `Standing`, which may be another for each question. */
export class StubFacts implements FactsReader {
  standing: Standing = { roles: [], accountRoles: [], atHand: true };

  constructor(private readonly matrix: RoleMatrix) {}

  peek(tenantId: string, userId: string): Facts | undefined {
    return this.standing.atHand && tenantId !== 'tenant-broken' ? this.facts(tenantId, userId) : undefined;
  }

  async load(tenantId: string, userId: string): Promise<Facts> {
    if (tenantId === 'tenant-broken') throw unavailable(new Error('no database'));
    return this.facts(tenantId, userId);
  }

  private facts(tenantId: string, userId: string): Facts {
    const tenant = TENANT_IDS.findIndex((id) => id === tenantId);
    const user = USER_IDS.findIndex((id) => id === userId);
    if (tenant === -1 || user === -1 || tenantId === 'tenant-absent') return Facts.NONE;
    const roleKey = this.standing.roles[tenant * USER_IDS.length + user] ?? null;
    const membership: Membership | null = roleKey === null ? null : { status: 'ACTIVE', roleKey, customerId: null, expiresAt: null, overrides: new Map() };
    const frame: TenantFrame = {
      tenantId,
      status: 'ACTIVE',
      plan: { key: 'enterprise', title: 'Enterprise', features: new Set(['VIEWER_ACCOUNTS']) },
      matrix: this.matrix,
      customRoles: new Map(),
      departments: new Set(),
      customers: new Set(),
      structureRevision: 1n,
    };
    return new Facts(frame, { userId, accountRole: this.standing.accountRoles[user] ?? 'MEMBER', status: 'ACTIVE', membership }, 1n);
  }
}

/** A schema of this text whose every field resolves to something: objects that belong to a tenant and a user of the pools. */
export function stubSchema(text: string): GraphQLSchema {
  const schema = buildSchema(text);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (parent: unknown, args: unknown) => valueOf(field.type, JSON.stringify([type.name, field.name, parent, args]));
    }
  }
  return schema;
}

function valueOf(type: GraphQLOutputType, seed: string): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType, seed);
  if (isListType(type)) return [valueOf(type.ofType, `${seed}0`), valueOf(type.ofType, `${seed}1`)];
  if (isObjectType(type)) return objectOf(type, seed);
  if (isEnumType(type)) return type.getValues()[0]!.value;
  return type.name === 'Int' ? 1 : type.name === 'Boolean' ? true : 'text';
}

function objectOf(type: GraphQLObjectType, seed: string) {
  const number = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 9973, 7);
  const tenantId = TENANT_IDS[number % TENANT_IDS.length];
  const userId = USER_IDS[number % USER_IDS.length];
  return { id: type.name === 'Tenant' ? tenantId : userId, tenantId, userId };
}
