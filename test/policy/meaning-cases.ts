import { WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import type { MalformedCase } from './malformed-case.js';

export const MEANING_CASES: readonly MalformedCase[] = [
  {
    it: 'refuses a grant of an unknown permission',
    edit: ['permissions: [orders.read]', 'permissions: [orders.read, orders.reed]'],
    problems: ['31: "orders.reed" names no permission of this matrix'],
  },
  {
    it: 'compares keys byte by byte',
    edit: ['permissions: [orders.read]', 'permissions: [Orders.Read]'],
    problems: ['31: "Orders.Read" names no permission of this matrix'],
  },
  {
    it: 'refuses a wildcard of an unknown category',
    edit: ['permissions: [orders.*]', 'permissions: [order.*]'],
    problems: ['26: "order.*" names no permission of this matrix; a wildcard is "*" or "<category>.*"'],
  },
  {
    it: 'refuses an exception that names nothing',
    edit: ['      - orders.refund', '      - orders.cancel'],
    problems: ['28: "orders.cancel" names no permission of this matrix'],
  },
  {
    it: 'refuses a system role that names a global permission',
    edit: ['permissions: [orders.read]', 'permissions: [orders.read, platform.sso]'],
    problems: ['31: "platform.sso" is a global permission; global permissions follow from an account role only'],
  },
  {
    it: 'refuses a wildcard over global permissions alone',
    edit: ['permissions: [orders.*]', 'permissions: [platform.*]'],
    problems: ['26: "platform.*" stands for nothing: it covers no permission of scope workspace'],
  },
  {
    it: 'refuses "*" for an account role',
    edit: ['admin: [platform.sso]', 'admin: ["*"]'],
    problems: ['7: "*" names no permission of this matrix; a wildcard is "<category>.*" here'],
  },
  {
    it: 'refuses an unknown permission of an account role',
    edit: ['admin: [platform.sso]', 'viewer: [platform.ssh]'],
    problems: ['7: "platform.ssh" names no permission of this matrix'],
  },
  {
    it: 'names both places of a repeated permission',
    edit: ['key: platform.sso,', 'key: orders.read,'],
    problems: [
      '7: "platform.sso" names no permission of this matrix',
      '17: the permission "orders.read" is listed twice (first on line 12)',
    ],
  },
  {
    it: 'names both places of a repeated role',
    edit: ['- key: shopper', '- key: admin'],
    problems: ['29: the role "admin" is listed twice (first on line 21)'],
  },
  {
    it: 'names both places of a repeated category',
    edit: ['- key: platform', '- key: orders'],
    problems: ['15: the category "orders" is listed twice (first on line 9)'],
  },
  {
    it: 'refuses an unknown owner role',
    edit: ['ownerRole: owner', 'ownerRole: boss'],
    problems: ['4: "boss" is no role of this matrix'],
  },
  {
    it: 'refuses an unknown admin role',
    edit: ['adminRoles: [owner, admin]', 'adminRoles:\n  - owner\n  - boss'],
    problems: ['7: "boss" is no role of this matrix'],
  },
  {
    it: 'refuses an alias as an admin role',
    edit: ['[owner, admin]', '[owner, tenant_admin]'],
    problems: ['5: "tenant_admin" is no role of this matrix; it is an alias, so name "admin" itself'],
  },
  {
    it: 'refuses an admin role that is listed twice',
    edit: ['[owner, admin]', '[owner, admin, owner]'],
    problems: ['5: the admin role "owner" is listed twice (first on line 5)'],
  },
  {
    it: 'refuses an admin role of the widget',
    edit: ['[owner, admin]', '[owner, shopper]'],
    problems: ['5: "shopper" counts only in the widget, so it cannot be an admin role; its surface must be all'],
  },
  {
    it: 'refuses an owner role of the widget',
    edit: ['ownerRole: owner', 'ownerRole: shopper'],
    problems: ['4: "shopper" counts only in the widget, so it cannot be the owner role; its surface must be all'],
  },
  {
    it: 'refuses an alias that is a role already',
    edit: ['tenant_admin: admin', 'clerk: admin'],
    problems: ['6: the alias "clerk" is the key of a role already'],
  },
  {
    it: 'refuses an alias of nothing',
    edit: ['tenant_admin: admin', 'tenant_admin: boss'],
    problems: ['6: "boss" is no role of this matrix'],
  },
  {
    it: 'refuses an alias of an alias',
    edit: ['tenant_admin: admin', 'tenant_admin: admin, boss: tenant_admin'],
    problems: ['6: "tenant_admin" is no role of this matrix; it is an alias, so name "admin" itself'],
  },
  {
    it: 'refuses an alias with a blank',
    edit: ['tenant_admin: admin', 'tenant admin: admin'],
    problems: ['6: the alias "tenant admin" must be a key: 1 to 255 printable ASCII characters without blanks'],
  },
  {
    it: 'names a capability that is not mapped',
    edit: ['  audit.read: member\n', ''],
    problems: ['32: the capability "audit.read" is not mapped to a permission or to member'],
  },
  {
    it: 'refuses an unknown capability',
    edit: ['  audit.read: member', '  audit.read: member\n  audit.write: member'],
    problems: [
      `46: "audit.write" is no capability of the gateway; the capabilities are ${WORKSPACE_CAPABILITIES.join(', ')}`,
    ],
  },
  {
    it: 'refuses a capability of the platform',
    edit: ['  audit.read: member', '  audit.read: member\n  platform.users: member'],
    problems: ['46: "platform.users" is a capability of the platform, which no matrix gives'],
  },
  {
    it: 'refuses a guard that names nothing',
    edit: ['role.read: member', 'role.read: orders.list'],
    problems: ['36: "orders.list" names no permission of this matrix; a guard is one exact key, or member'],
  },
  {
    it: 'refuses a guard that is a wildcard',
    edit: ['role.read: member', 'role.read: orders.*'],
    problems: ['36: "orders.*" names no permission of this matrix; a guard is one exact key, or member'],
  },
  {
    it: 'checks the guard of a reserved capability too',
    edit: ['role.read: member', 'role.read: member\n  tenant.delete: orders.drop'],
    problems: ['37: "orders.drop" names no permission of this matrix; a guard is one exact key, or member'],
  },
  {
    it: 'refuses "member" where it is a permission as well',
    edit: ['key: orders.read,', 'key: member,'],
    problems: [
      '31: "orders.read" names no permission of this matrix',
      '33: "member" means any active member here, and is a permission of this matrix too; rename the permission',
    ],
  },
  {
    it: 'refuses a role that holds less than expected',
    edit: ['owner: 2,', 'owner: 3,'],
    problems: ['47: the role "owner" holds 2 permissions, not the expected 3'],
  },
  {
    it: 'refuses a category that has more than expected',
    edit: ['{ orders: 2 }', '{ orders: 1 }'],
    problems: ['48: the category "orders" has 2 permissions, not the expected 1'],
  },
  {
    it: 'refuses a count for an unknown role',
    edit: ['clerk: 1 }', 'boss: 1 }'],
    problems: ['47: "boss" is no role of this matrix'],
  },
  {
    it: 'refuses a count for an unknown category',
    edit: ['{ orders: 2 }', '{ order: 2 }'],
    problems: ['48: "order" is no category of this matrix'],
  },
  {
    it: 'does not report counts that are wrong because of another fault',
    edit: ['permissions: [orders.*]', 'permissions: [orders.get]'],
    problems: ['26: "orders.get" names no permission of this matrix'],
  },
];
