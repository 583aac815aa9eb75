import { RequestLoaders } from '../../src/graphql/loaders.js';
import { MembershipParts } from '../../src/features/memberships/membership-parts.js';

const { jest } = import.meta;

const OVERRIDE = { tenantId: 'acme', userId: 'ada', departmentId: 'sales', roleKey: 'own', roleKind: 'CUSTOM', matrixKey: 'fastn', expiresAt: null } as const;

function gone(): Promise<never> {
  return Promise.reject(new Error('the database is gone'));
}

it('of what hangs on an override no fault goes unheard where all of it fails: one that did would end the process', async () => {
  const members = { listOverrides: async () => [[OVERRIDE]] };
  const departments = { findAll: gone };
  const stubs = [members, {}, {}, {}, departments, {}] as unknown as ConstructorParameters<typeof MembershipParts>;
  const parts = new MembershipParts(...stubs);
  const role = gone();
  const heard = jest.spyOn(role, 'then');
  jest.spyOn(parts, 'role').mockReturnValue(role);
  await expect(parts.overrides(OVERRIDE, new RequestLoaders())).rejects.toThrow('the database is gone');
  expect(heard).toHaveBeenCalled();
});
