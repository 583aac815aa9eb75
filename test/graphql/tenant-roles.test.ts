import { RoleMatrix } from '../../src/domain/matrix.js';
import { TenantRoles } from '../../src/features/roles/tenant-roles.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';

const MATRIX = new RoleMatrix({
  key: 'met',
  title: 'Met',
  version: 1,
  categories: [],
  roles: [],
  ownerRole: null,
  adminRoles: [],
  aliases: new Map(),
  accountRoles: new Map(),
  guards: new Map(),
});

it('of custom roles that are looked up together, one under a matrix that this node has not met leaves the others to be shown', async () => {
  const found = { key: 'own', name: 'Own', description: null, surface: 'ALL', duplicatedFrom: null, permissions: [] };
  const store = { findAll: async (keys: readonly { tenantId: string }[]) => keys.map(({ tenantId }) => (tenantId === 'empty' ? null : found)) };
  const matrices = { find: (key: string) => (key === MATRIX.key ? MATRIX : null) };
  const roles = new TenantRoles(...([store, matrices] as unknown as ConstructorParameters<typeof TenantRoles>));
  const loaders = new RequestLoaders();
  const asked = [['acme', 'met'], ['globex', 'unmet'], ['empty', 'met']].map(([tenantId, matrixKey]) =>
    loaders.load(roles.findCustomViews, { tenantId: tenantId!, key: 'own', matrixKey: matrixKey! }, ({ tenantId: id }) => id),
  );
  expect(await Promise.allSettled(asked)).toMatchObject([
    { status: 'fulfilled', value: { key: 'own', kind: 'CUSTOM', permissionCount: 0 } },
    { status: 'rejected', reason: { code: 'UNAVAILABLE' } },
    { status: 'fulfilled', value: null },
  ]);
});
