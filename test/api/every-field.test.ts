import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { DATABASE_KINDS } from '../support/databases.js';
import { gatewayForTests, type GatewayForTests, ROOT } from '../support/gateway.js';
import { World } from '../support/world.js';
import { EveryField } from './every-field.js';
import { richTenant, type RichTenant } from './rich-tenant.js';

const SCHEMA = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'));

function everyField({ tenantId, viewer }: RichTenant): EveryField {
  const place = `tenantId: "${tenantId}", departmentId: "support"`;
  const who = `userId: "${viewer.userId}", ${place}`;
  return new EveryField(SCHEMA, {
    'Query.check': `input: { ${who}, permission: "workflows.run" }`,
    'Query.checks': `inputs: [{ ${who}, permission: "workflows.run" }, { ${who}, permission: "billing.manage" }]`,
    'Query.checkPermissions': `input: { ${who}, permissions: ["workflows.run", "billing.manage"] }`,
    'Query.effectivePermissions': `input: { ${who} }`,
    'Query.explain': `input: { ${who}, permission: "workflows.run" }`,
    'Query.usersWithPermission': `input: { ${place}, permission: "workflows.run" }`,
    'Query.roleMatrix': 'key: "nanami"',
    'Query.tenant': `id: "${tenantId}"`,
    'Query.user': `id: "${viewer.userId}"`,
    'Viewer.can': `${place}, permission: "workflows.run"`,
    'Tenant.membership': `userId: "${viewer.userId}"`,
    'Tenant.role': 'key: "auditor"',
    'Membership.effectivePermissions': 'departmentId: "sales"',
  });
}

const LEVELS = 7;
const QUERIES = Object.keys(SCHEMA.getQueryType()!.getFields());

describe.each(DATABASE_KINDS)('everything that can be selected, on %s,', (kind) => {
  let test: GatewayForTests;
  let world: World;
  let rich: RichTenant;
  beforeAll(async () => {
    test = await gatewayForTests({ kind });
    world = new World(test);
    rich = await richTenant(world);
  });
  afterAll(() => test.close());

  it.each(QUERIES)('beneath Query.%s is answered to the root key without an error', async (query) => {
    const { status, data, errors } = await world.root.send(everyField(rich).document(query, LEVELS));
    expect([status, errors]).toEqual([200, []]);
    expect(data![query]).toEqual(expect.anything());
  });

  const OWN = ['tenant', 'viewer', 'check', 'usersWithPermission', 'effectivePermissions'];
  it.each(OWN)('beneath Query.%s is answered to the owner of the tenant, but for where else its people belong', async (query) => {
    const { errors, data } = await rich.owner.client.send(everyField(rich).document(query, LEVELS));
    const refused = new Set(
      errors.map(({ extensions, path }) => `${extensions.code} ${String(path?.findLast((part) => typeof part === 'string'))}`),
    );
    expect([...refused].filter((refusal) => refusal !== 'FORBIDDEN memberships')).toEqual([]);
    expect(data![query]).toEqual(expect.anything());
  });

  it('is every field that a query can reach, in documents within the limits', () => {
    const documents = everyField(rich);
    for (const query of QUERIES) documents.document(query, LEVELS);
    expect([...documents.reachable].filter((field) => !documents.selected.has(field))).toEqual([]);
  });
});
