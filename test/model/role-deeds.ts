import type { ErrorCode } from '../../src/errors.js';
import type { Caller } from './caller.js';
import type { Deed, Gift, Refusals } from './deed.js';
import { refusesAccountAbove, refusesGift } from './member-deeds.js';
import { forgetExpired, type Model } from './model.js';

const ROLE: Gift = {
  select: 'role { permissions }',
  read: ({ role }) => role!.permissions,
  isBeyond: (giver, given) => giver.lacks(given),
};

/** A custom role holds workspace permissions of its matrix, which its maker holds too. */
function refusesPermissions(model: Model, caller: Caller, held: readonly string[], named: readonly string[]): Refusals {
  const { permissions } = model.law.matrix;
  return [
    named.some((key) => !permissions.has(key)) && 'BAD_USER_INPUT',
    named.some((key) => permissions.get(key)?.global === true) && 'GLOBAL_PERMISSION',
    caller.lacks(held) && 'ESCALATION',
  ];
}

const lacksFeature = (model: Model): ErrorCode | false => !model.hasFeature('CUSTOM_ROLES') && 'FEATURE_NOT_AVAILABLE';
const isTaken = (model: Model, key: string): ErrorCode | false => model.role(key) !== undefined && 'CONFLICT';

export const createRole = (key: string, permissions: readonly string[]): Deed => ({
  mutation: 'createRole',
  demands: 'role.manage',
  input: () => ({ key, name: key, permissions }),
  gift: ROLE,
  judge: (model, caller) => ({
    refusals: [lacksFeature(model), isTaken(model, key), ...refusesPermissions(model, caller, permissions, permissions)],
    change: () => {
      model.tenant!.roles[key] = { permissions: [...permissions], surface: 'ALL' };
    },
  }),
});

/** A duplicate counts where its source counts. */
export const duplicateRole = (key: string, source: string, add: readonly string[], remove: readonly string[]): Deed => ({
  mutation: 'duplicateRole',
  demands: 'role.manage',
  input: () => ({ key, name: key, sourceRole: source, add, remove }),
  gift: ROLE,
  judge: (model, caller) => {
    const from = model.role(source);
    const held = [...new Set([...model.permissionsOf(source), ...add])].filter((permission) => !remove.includes(permission));
    return {
      refusals: [
        lacksFeature(model),
        from === undefined && 'NOT_FOUND',
        isTaken(model, key),
        add.some((permission) => remove.includes(permission)) && 'BAD_USER_INPUT',
        ...refusesPermissions(model, caller, held, [...add, ...remove]),
      ],
      change: () => {
        model.tenant!.roles[key] = { permissions: held, surface: from!.widgetOnly ? 'WIDGET_ONLY' : 'ALL' };
      },
    };
  },
});

/** The custom role of this key; system roles are the matrix's. */
function refusesToChange(model: Model, key: string): Refusals {
  const role = model.role(key);
  if (role === undefined) return ['NOT_FOUND'];
  return [model.law.matrix.roles.has(role.key) && 'SYSTEM_ROLE_IMMUTABLE'];
}

/** Neither beyond oneself nor at the expense of a role that is beyond oneself. */
export const updateRole = (key: string, permissions: readonly string[]): Deed => ({
  mutation: 'updateRole',
  demands: 'role.manage',
  input: () => ({ role: key, permissions }),
  gift: ROLE,
  judge: (model, caller) => {
    const before = model.permissionsOf(key);
    const isSame = before.toSorted().join() === permissions.toSorted().join();
    return {
      refusals: [
        ...refusesToChange(model, key),
        !isSame && lacksFeature(model),
        ...refusesPermissions(model, caller, [...before, ...permissions], permissions),
      ],
      change: isSame ? null : () => void (model.tenant!.roles[key]!.permissions = [...permissions]),
    };
  },
});

export const deleteRole = (key: string, replacement: string | null): Deed => ({
  mutation: 'deleteRole',
  demands: 'role.manage',
  input: () => ({ role: key, replacementRole: replacement }),
  judge: (model, caller) => ({
    refusals: [
      ...refusesToChange(model, key),
      caller.lacks(model.permissionsOf(key)) && 'ESCALATION',
      ...(replacement === null ? [isHeld(model, key) && ('CONFLICT' as const)] : refusesHeir(model, caller, key, replacement)),
    ],
    change: () => {
      forgetExpired(model, ({ role }) => role === key);
      if (replacement !== null) moveHolders(model, key, model.role(replacement)!.key);
      forgetInvitations(model, key);
      delete model.tenant!.roles[key];
    },
  }),
});

function refusesHeir(model: Model, caller: Caller, key: string, replacement: string): Refusals {
  const heir = model.role(replacement);
  const onlyInWidget = heir?.widgetOnly === true && model.role(key)?.widgetOnly === false;
  const holders = Object.entries(model.tenant!.members).filter(([, { role }]) => role === key);
  return [
    ...refusesGift(model, caller, replacement),
    (heir?.key === key || onlyInWidget) && 'BAD_USER_INPUT',
    ...holders.flatMap(([user]) => refusesAccountAbove(model, caller, user)),
  ];
}

function holdersOf(model: Model, key: string): { role: string }[] {
  const members = Object.values(model.tenant!.members);
  const overrides = members.flatMap((member) => Object.values(member.overrides)).filter(({ expiresAt }) => model.isAhead(expiresAt));
  return [...members, ...overrides].filter(({ role }) => role === key);
}

function isHeld(model: Model, key: string): boolean {
  return [...holdersOf(model, key), ...model.openInvitations].some(({ role }) => role === key);
}

function moveHolders(model: Model, key: string, heir: string): void {
  for (const holder of holdersOf(model, key)) holder.role = heir;
  for (const invitation of Object.values(model.invitations)) if (invitation.role === key) invitation.role = heir;
}

/** Invitations of the past that named the role go with it. */
function forgetInvitations(model: Model, key: string): void {
  for (const [name, { role }] of Object.entries(model.invitations)) if (role === key) delete model.invitations[name];
}
