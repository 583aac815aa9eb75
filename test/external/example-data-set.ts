import type { DataSet } from './data-set.js';

/** The smallest set that has everything: keys with blanks, a role of one tenant alone, and one more role in a department. */
export const EXAMPLE: DataSet = {
  name: 'public-libraries',
  catalogue: ['books:read', 'books:lend', 'books:buy', 'fines:waive'],
  tenants: [
    { key: 'City library', departments: ['Archive'] },
    { key: 'Village library', departments: [] },
  ],
  roles: [
    { key: 'Reader', permissions: ['books:read'] },
    { key: 'Desk clerk', permissions: ['books:read', 'books:lend'] },
    { key: 'Night clerk', tenant: 'City library', permissions: ['books:lend', 'fines:waive'] },
  ],
  memberships: [
    { user: 'ada', tenant: 'City library', role: 'Reader', departmentOverrides: [{ department: 'Archive', role: 'Desk clerk' }] },
    { user: 'bob', tenant: 'City library', role: 'Night clerk' },
    { user: 'ada', tenant: 'Village library', role: 'Desk clerk' },
    { user: 'cleo', tenant: 'Village library', role: 'Desk clerk', departmentOverrides: [] },
  ],
  questions: [
    { user: 'ada', tenant: 'City library', permission: 'books:read', expected: true },
    { user: 'ada', tenant: 'City library', permission: 'books:lend', expected: false },
    { user: 'ada', tenant: 'City library', department: 'Archive', permission: 'books:lend', expected: true },
    { user: 'ada', tenant: 'Village library', permission: 'books:lend', expected: true },
    { user: 'bob', tenant: 'City library', permission: 'fines:waive', expected: true },
    { user: 'bob', tenant: 'City library', permission: 'books:read', expected: false },
    { user: 'bob', tenant: 'City library', permission: 'books:lend', expected: true },
    { user: 'bob', tenant: 'Village library', permission: 'books:lend', expected: false },
    { user: 'cleo', tenant: 'Village library', permission: 'books:buy', expected: false },
    { user: 'nobody', tenant: 'City library', permission: 'books:read', expected: false },
  ],
};
