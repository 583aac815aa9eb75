import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const PLANS_YAML = 'default: basic\nplans:\n  - { key: basic, features: [] }\n';

const CAPABILITIES = [
  'decision.read',
  'tenant.read',
  'tenant.update',
  'role.read',
  'role.manage',
  'member.read',
  'member.manage',
  'department.read',
  'department.manage',
  'customer.read',
  'customer.manage',
  'apiKey.manage',
  'audit.read',
];

/** Guards that map every capability to `member`, for matrices whose guards are not the point. */
export const OPEN_GUARDS: Readonly<Record<string, string>> = Object.fromEntries(CAPABILITIES.map((name) => [name, 'member']));

/** Valid; its line numbers are what the tables of malformed files count on. */
export const SHOP_YAML = `key: shop
title: Shop
version: 1
ownerRole: owner
adminRoles: [owner, admin]
aliases: { tenant_admin: admin }
accountRoles: { admin: [platform.sso] }
categories:
  - key: orders
    title: Orders
    permissions:
      - { key: orders.read, title: View orders, access: read }
      - { key: orders.refund, title: Refund orders,
          access: write }
  - key: platform
    permissions:
      - { key: platform.sso, scope: global }
roles:
  - key: owner
    permissions: ["*"]
  - key: admin
    name: Admin
    permissions: ["*"]
  - key: clerk
    description: Takes orders.
    permissions: [orders.*]
    except:
      - orders.refund
  - key: shopper
    surface: widget_only
    permissions: [orders.read]
guards:
${CAPABILITIES.map((name) => `  ${name}: member\n`).join('')}expect:
  roles: { owner: 2, clerk: 1 }
  categories: { orders: 2 }
`;

const folders: string[] = [];

/** A policy folder of its own, removed when the test file ends. Comes with a plans.yaml unless the files name one. */
export async function policyFolder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-policy-'));
  folders.push(dir);
  const all = { 'plans.yaml': PLANS_YAML, ...files };
  await Promise.all(Object.entries(all).map(([name, content]) => writeFile(join(dir, name), content)));
  return dir;
}

afterAll(async () => {
  await Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true })));
});
