import type { Caller } from './caller.js';
import { deadline, type Deed, type Gift, type Refusals, written } from './deed.js';
import type { Model, ModelMember } from './model.js';

const MEMBERSHIP = 'membership { role { permissions } departmentOverrides { department { id } role { permissions } } }';
export const PRIMARY_ROLE: Gift = {
  select: MEMBERSHIP,
  read: ({ membership }) => membership!.role.permissions,
  isBeyond: (giver, given) => giver.lacks(given),
};

/** The owner role passes by no gift; anything else as far as the giver holds it, and as an override for as long as they do. */
export function refusesGift(model: Model, giver: Caller, roleKey: string, department: string | null = null, expiresAt: number | null = null): Refusals {
  const role = model.role(roleKey);
  if (role === undefined) return ['NOT_FOUND'];
  return [role.key === model.law.matrix.ownerRole && 'OWNER_REQUIRED', giver.lacks(role.permissions, department, lastMoment(expiresAt)) && 'ESCALATION'];
}

const lastMoment = (expiresAt: number | null): number => (expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - 1);

/** An account ADMIN acts as an admin wherever they belong, so bringing one in gives them that. */
export function refusesToBring(model: Model, giver: Caller, user: string): Refusals {
  return [model.user(user).accountRole === 'ADMIN' && giver.lacks(model.permissionsOf(model.adminRole)) && 'ESCALATION'];
}

/** A viewer account comes in where the plan has them. */
export function refusesAccount(model: Model, user: string): Refusals {
  return [model.user(user).accountRole === 'VIEWER' && !model.hasFeature('VIEWER_ACCOUNTS') && 'FEATURE_NOT_AVAILABLE'];
}

/** A widget role is for a member who is bound to a customer, and that customer exists. */
export function refusesCustomer(model: Model, roleKey: string, customer: string | null): Refusals {
  if (customer === null) return [model.role(roleKey)?.widgetOnly === true && 'BAD_USER_INPUT'];
  return [!model.tenant!.customers.includes(customer) && 'NOT_FOUND'];
}

/** Nobody touches the owner, to whom it makes a difference, nor somebody who holds more than they do. */
function refusesToTouch(model: Model, caller: Caller, user: string, isSame = false): Refusals {
  const member = model.member(user);
  if (member === undefined) return ['NOT_FOUND'];
  return [
    !isSame && member.role === model.law.matrix.ownerRole && 'OWNER_REQUIRED',
    caller.lacks(model.permissionsOf(member.role)) && 'ESCALATION',
    ...refusesAccountAbove(model, caller, user),
  ];
}

/** An account OWNER's membership is an account OWNER's to change, and an account ADMIN's that of whoever could bring one in. */
export function refusesAccountAbove(model: Model, caller: Caller, user: string): Refusals {
  return [model.user(user).accountRole === 'OWNER' && !caller.actsForOwner && 'ESCALATION', ...refusesToBring(model, caller, user)];
}

export const addMember = (user: string, role: string, customer: string | null, minutes: number | null): Deed => ({
  mutation: 'addMember',
  demands: 'member.manage',
  input: (model) => ({ userId: user, role, customerId: customer, expiresAt: written(deadline(model, minutes)) }),
  gift: PRIMARY_ROLE,
  judge: (model, caller) => ({
    refusals: [
      ...refusesGift(model, caller, role),
      ...refusesCustomer(model, role, customer),
      ...refusesToBring(model, caller, user),
      ...refusesAccount(model, user),
      model.member(user) !== undefined && 'CONFLICT',
      !model.isAhead(deadline(model, minutes)) && 'BAD_USER_INPUT',
    ],
    change: () => {
      model.tenant!.members[user] = { role: model.role(role)!.key, status: 'ACTIVE', customer, expiresAt: deadline(model, minutes), overrides: {} };
    },
  }),
});

export const changeMemberRole = (user: string, role: string): Deed => ({
  mutation: 'changeMemberRole',
  demands: 'member.manage',
  input: () => ({ userId: user, role }),
  gift: PRIMARY_ROLE,
  judge: (model, caller) => {
    const member = model.member(user);
    const key = model.role(role)?.key;
    if (member !== undefined && member.role === key) return { refusals: refusesToTouch(model, caller, user, true), change: null };
    const steps = key !== undefined && !model.law.matrix.adminRoles.includes(key);
    return {
      refusals: [
        ...refusesToTouch(model, caller, user),
        ...refusesGift(model, caller, role),
        ...refusesCustomer(model, role, member?.customer ?? null),
        steps && model.isLastAdmin(user) && 'LAST_ADMIN',
      ],
      change: () => {
        member!.role = key!;
      },
    };
  },
});

function holdsInDepartmentsMoreThan(model: Model, caller: Caller, { overrides }: ModelMember): boolean {
  return Object.entries(overrides).some(
    ([department, { role, expiresAt }]) => model.isAhead(expiresAt) && caller.lacks(model.permissionsOf(role), department, lastMoment(expiresAt)),
  );
}

function changeStatus(mutation: string, user: string, status: ModelMember['status']): Deed {
  return {
    mutation,
    demands: 'member.manage',
    input: () => ({ userId: user }),
    ...(status === 'ACTIVE' && { gift: PRIMARY_ROLE }),
    judge: (model, caller) => {
      const member = model.member(user);
      if (member?.status === status) return { refusals: refusesToTouch(model, caller, user, true), change: null };
      return {
        refusals: [
          ...refusesToTouch(model, caller, user),
          status === 'SUSPENDED' && model.isLastAdmin(user) && 'LAST_ADMIN',
          status === 'ACTIVE' && member !== undefined && holdsInDepartmentsMoreThan(model, caller, member) && 'ESCALATION',
        ],
        change: () => void (member!.status = status),
      };
    },
  };
}

export const suspendMember = (user: string): Deed => changeStatus('suspendMember', user, 'SUSPENDED');
export const activateMember = (user: string): Deed => changeStatus('activateMember', user, 'ACTIVE');

/** Ends the keys in the tenant behind which the member's rights stood. */
export const removeMember = (user: string): Deed => ({
  mutation: 'removeMember',
  demands: 'member.manage',
  input: () => ({ userId: user }),
  judge: (model, caller) => ({
    refusals: [...refusesToTouch(model, caller, user), model.isLastAdmin(user) && 'LAST_ADMIN'],
    change: () => {
      delete model.tenant!.members[user];
      model.revokeKeys((key) => key.ofTenant && key.boundTo === user);
    },
  }),
});

const overrideIn = (department: string): Gift => ({
  select: MEMBERSHIP,
  read: ({ membership }) => membership!.departmentOverrides.find((override) => override.department.id === department)!.role.permissions,
  isBeyond: (giver, given) => giver.lacks(given, department),
});

/** What somebody holds in a department they may pass on there for as long as they hold it, and so prolong for nobody. */
export const setDepartmentOverride = (user: string, department: string, role: string, minutes: number | null): Deed => ({
  mutation: 'setDepartmentOverride',
  demands: 'member.manage',
  input: (model) => ({ userId: user, departmentId: department, role, expiresAt: written(deadline(model, minutes)) }),
  gift: overrideIn(department),
  judge: (model, caller) => {
    const member = model.member(user);
    const held = member?.overrides[department];
    const asked = { role: model.role(role)?.key ?? role, expiresAt: deadline(model, minutes) };
    const isSame = held?.role === asked.role && held.expiresAt === asked.expiresAt;
    return {
      refusals: [
        !isSame && !model.hasFeature('DEPARTMENT_OVERRIDES') && 'FEATURE_NOT_AVAILABLE',
        member === undefined && 'NOT_FOUND',
        !model.tenant!.departments.includes(department) && 'NOT_FOUND',
        ...refusesGift(model, caller, role, department, asked.expiresAt),
        model.role(role)?.widgetOnly === true && member?.customer == null && 'BAD_USER_INPUT',
        !model.isAhead(asked.expiresAt) && 'BAD_USER_INPUT',
        held !== undefined && !isSame && caller.lacks(model.permissionsOf(held.role), department) && 'ESCALATION',
      ],
      change: isSame ? null : () => void (member!.overrides[department] = asked),
    };
  },
});

export const removeDepartmentOverride = (user: string, department: string): Deed => ({
  mutation: 'removeDepartmentOverride',
  demands: 'member.manage',
  input: () => ({ userId: user, departmentId: department }),
  judge: (model, caller) => {
    const member = model.member(user);
    const held = member?.overrides[department];
    return {
      refusals: held === undefined ? ['NOT_FOUND'] : [caller.lacks(model.permissionsOf(held.role), department) && 'ESCALATION'],
      change: () => void delete member!.overrides[department],
    };
  },
});

export const transferOwnership = (user: string): Deed => ({
  mutation: 'transferOwnership',
  demands: 'tenant.transfer',
  input: () => ({ newOwnerId: user }),
  judge: (model) => {
    const { ownerRole } = model.law.matrix;
    const heir = model.member(user);
    const old = model.owner;
    if (ownerRole === null) return { refusals: ['BAD_USER_INPUT'], change: null };
    if (user === old) return { refusals: [], change: null };
    if (heir === undefined) return { refusals: ['NOT_FOUND'], change: null };
    const { status, accountRole } = model.user(user);
    const isFit = status === 'ACTIVE' && accountRole !== 'VIEWER' && model.isCurrent(heir) && heir.customer === null;
    return {
      refusals: [!isFit && 'BAD_USER_INPUT'],
      change: () => {
        model.member(old!)!.role = model.adminRole;
        Object.assign(heir, { role: ownerRole, expiresAt: null });
      },
    };
  },
});
