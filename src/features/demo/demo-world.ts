import type { AccountRole } from '../../domain/matrix.js';

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly accountRole: AccountRole;
}

export interface DemoMember {
  readonly userId: string;
  readonly role: string;
  readonly customerId?: string;
  readonly overrides?: Readonly<Record<string, string>>;
}

export interface DemoTenant {
  readonly id: string;
  readonly name: string;
  readonly matrix: string;
  readonly ownerId: string;
  readonly departments: Readonly<Record<string, string>>;
  readonly customers: Readonly<Record<string, string>>;
  readonly members: readonly DemoMember[];
}

const person = (id: string, name: string, email: string, accountRole: AccountRole = 'MEMBER'): DemoPerson => ({ id, name, email, accountRole });

/** A person for each role of the two shipped matrices, and for each account role. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('super-admin', 'Sasha Super', 'sasha@gatehouse.example', 'OWNER'),
  person('acme-owner', 'Olga Owner', 'owner@acme.example'),
  person('acme-admin', 'Ada Admin', 'admin@acme.example'),
  person('acme-developer', 'Dana Developer', 'developer@acme.example'),
  person('acme-operator', 'Omar Operator', 'operator@acme.example'),
  person('acme-viewer', 'Vera Viewer', 'viewer@acme.example'),
  person('acme-end-user', 'Edda Enduser', 'end-user@initech.example'),
  person('globex-admin', 'Aldo Admin', 'admin@globex.example', 'ADMIN'),
  person('globex-member', 'Mina Member', 'member@globex.example'),
  person('globex-viewer', 'Viktor Viewer', 'viewer@globex.example', 'VIEWER'),
];

export const DEMO_PLAN = 'enterprise';

export const DEMO_TENANTS: readonly DemoTenant[] = [
  {
    id: 'acme',
    name: 'Acme Integrations',
    matrix: 'fastn',
    ownerId: 'acme-owner',
    departments: { sales: 'Sales', support: 'Support' },
    customers: { initech: 'Initech', hooli: 'Hooli' },
    members: [
      { userId: 'acme-admin', role: 'admin' },
      { userId: 'acme-developer', role: 'developer' },
      { userId: 'acme-operator', role: 'operator' },
      { userId: 'acme-viewer', role: 'viewer', overrides: { support: 'operator' } },
      { userId: 'acme-end-user', role: 'end_user', customerId: 'initech' },
    ],
  },
  {
    id: 'globex',
    name: 'Globex Networks',
    matrix: 'nanami',
    ownerId: 'globex-admin',
    departments: { network: 'Network', research: 'Research' },
    customers: {},
    members: [
      { userId: 'globex-member', role: 'member', overrides: { network: 'admin' } },
      { userId: 'globex-viewer', role: 'viewer' },
    ],
  },
];
