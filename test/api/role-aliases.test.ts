import { getNamedType, type GraphQLSchema, isInputObjectType } from 'graphql';
import type { Variables } from '../support/client.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const ALIAS = 'tenant_admin';
const HELD = 'membership { role { key } }';

/** A tenant with a department and a custom role `own`, an admin and a viewer in it, and somebody outside. */
interface Cast {
  readonly tenantId: string;
  readonly admin: string;
  readonly viewer: string;
  readonly outsider: string;
}

interface Naming {
  readonly input: (cast: Cast) => Variables;
  readonly select: string;
  readonly payload: object;
}

const AS_ADMIN = { membership: { role: { key: 'admin' } } };

/** By mutation and field: what is done to the role that the alias stands for. */
const NAMINGS: Readonly<Record<string, Naming>> = {
  'addMember.role': { input: ({ outsider }) => ({ userId: outsider }), select: HELD, payload: AS_ADMIN },
  'changeMemberRole.role': { input: ({ viewer }) => ({ userId: viewer }), select: HELD, payload: AS_ADMIN },
  'setDepartmentOverride.role': {
    input: ({ viewer }) => ({ userId: viewer, departmentId: 'sales' }),
    select: 'membership { departmentOverrides { role { key } } }',
    payload: { membership: { departmentOverrides: [{ role: { key: 'admin' } }] } },
  },
  'inviteMember.role': {
    input: () => ({ email: 'guest@people.example' }),
    select: 'invitation { role { key } }',
    payload: { invitation: { role: { key: 'admin' } } },
  },
  'duplicateRole.sourceRole': {
    input: () => ({ key: 'copy', name: 'Copy' }),
    select: 'role { duplicatedFrom permissionCount }',
    payload: { role: { duplicatedFrom: 'admin', permissionCount: 39 } },
  },
  'deleteRole.replacementRole': { input: () => ({ role: 'own' }), select: 'id', payload: { id: 'own' } },
};
/** What is no custom role by its key is none by an alias either. */
const OF_CUSTOM_ROLES = ['updateRole.role', 'deleteRole.role'];

async function furnish(): Promise<Cast> {
  const { tenantId } = await world.tenant({ departments: ['sales'] });
  await must(world.root.mutate('createRole', { tenantId, key: 'own', name: 'Own', permissions: [] }, 'revision'));
  const { userId: admin } = await world.member(tenantId, 'admin');
  const { userId: viewer } = await world.member(tenantId, 'viewer');
  const { userId: outsider } = await world.person();
  return { tenantId, admin, viewer, outsider };
}

function split(place: string): [mutation: string, field: string] {
  const [mutation, field] = place.split('.');
  return [mutation!, field!];
}

/** Every field of a mutation's input that names a role. */
function roleFields(schema: GraphQLSchema): string[] {
  return Object.values(schema.getMutationType()!.getFields()).flatMap(({ name, args }) => {
    const input = getNamedType(args[0]!.type);
    if (!isInputObjectType(input)) return [];
    const fields = Object.values(input.getFields()).filter((field) => /role$/i.test(field.name) && getNamedType(field.type).name === 'ID');
    return fields.map((field) => `${name}.${field.name}`);
  });
}

describe('an alias of a role', () => {
  it.each(Object.entries(NAMINGS))('is the role as %s', async (place, { input, select, payload }) => {
    const [mutation, field] = split(place);
    const cast = await furnish();
    const { data } = await must(world.root.mutate(mutation, { tenantId: cast.tenantId, ...input(cast), [field]: ALIAS }, select));
    expect(data).toEqual({ [mutation]: payload });
  });

  it.each(OF_CUSTOM_ROLES)('is a system role as %s, too', async (place) => {
    const { tenantId } = await furnish();
    const { errors } = await world.root.mutate(split(place)[0], { tenantId, role: ALIAS }, '__typename');
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['SYSTEM_ROLE_IMMUTABLE']);
  });

  it('is taken wherever a mutation names a role', () => {
    const { schema } = test.gateway.parts;
    expect([...Object.keys(NAMINGS), ...OF_CUSTOM_ROLES].toSorted()).toEqual(roleFields(schema).toSorted());
  });

  it.each(['admin', ALIAS])('is the role in questions, as its key is: %s', async (role) => {
    const { tenantId, admin } = await furnish();
    const query = `query($id: ID!, $role: ID!) { tenant(id: $id) {
      role(key: $role) { key } memberships(role: $role) { totalCount edges { node { user { id } } } } } }`;
    expect(await world.root.ask(query, { id: tenantId, role })).toEqual({
      tenant: { role: { key: 'admin' }, memberships: { totalCount: 1, edges: [{ node: { user: { id: admin } } }] } },
    });
  });
});
