/** A policy file with two permissions and two roles, none of them the owner's. */
export const SMALL_MATRIX = `
key: small
title: A small product
version: 1
adminRoles: [boss]
categories:
  - key: things
    title: Things
    permissions:
      - { key: things.read, title: See, access: read }
      - { key: things.manage, title: Manage, access: write }
roles:
  - { key: boss, name: Boss, description: All of it, permissions: ["*"] }
  - { key: hand, name: Hand, description: Some of it, permissions: [things.read] }
guards: { decision.read: things.read, tenant.read: member, tenant.update: things.manage, role.read: things.read, role.manage: things.manage,
  member.read: things.read, member.manage: things.manage, department.read: things.read, department.manage: things.manage,
  customer.read: things.read, customer.manage: things.manage, apiKey.manage: things.manage, audit.read: things.manage }
expect: { roles: { boss: 2, hand: 1 }, categories: { things: 2 } }
`;
