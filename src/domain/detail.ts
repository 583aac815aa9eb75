import type { Decision, DecisionReason } from './decision.js';
import type { Check } from './decide.js';
import type { Facts } from './facts.js';

type Sentence = (check: Check, facts: Facts, decision: Decision) => string;

const time = (milliseconds: number | null | undefined): string =>
  milliseconds == null ? 'never' : new Date(milliseconds).toISOString();

/** Why the question was settled, one sentence for each reason. */
const SETTLED: Readonly<Record<DecisionReason, Sentence>> = {
  GRANTED_BY_ROLE: (check, _facts, { role }) => `The primary role "${role}" holds "${check.permission}".`,
  GRANTED_BY_DEPARTMENT_OVERRIDE: (check, _facts, { role }) =>
    `The role "${role}", held by override in department "${check.departmentId}", holds "${check.permission}".`,
  GRANTED_BY_ACCOUNT_ROLE: (check, { member }, { role }) =>
    role === null
      ? `The account role ${member?.accountRole} gives "${check.permission}".`
      : `The account role ${member?.accountRole} acts as "${role}" here, which holds "${check.permission}".`,
  UNKNOWN_TENANT: () => 'There is no such tenant.',
  UNKNOWN_PERMISSION: (check, { frame }) =>
    `The role matrix "${frame?.matrix.key}" has no permission "${check.permission}".`,
  UNKNOWN_DEPARTMENT: (check) => `The tenant has no department "${check.departmentId}".`,
  UNKNOWN_CUSTOMER: (check) => `The tenant has no customer "${check.customerId}".`,
  TENANT_SUSPENDED: () => 'The tenant is suspended.',
  USER_DISABLED: () => 'The user is disabled.',
  NO_MEMBERSHIP: () => 'The user does not belong to the tenant.',
  MEMBERSHIP_SUSPENDED: () => 'The membership is suspended.',
  MEMBERSHIP_EXPIRED: (_check, { member }) => `The membership expired at ${time(member?.membership?.expiresAt)}.`,
  WRONG_SURFACE: (_check, _facts, { role }) => `The primary role "${role}" counts only in the embedded widget.`,
  CUSTOMER_ISOLATED: (check) =>
    check.customerId === null
      ? 'The membership is bound to a customer, and the question names none.'
      : 'The membership is bound to another customer.',
  NOT_RESOURCE_OWNER: () => 'The resource belongs to another user, and a member bound to a customer acts only on their own.',
  READ_ONLY_ACCOUNT: (check) => `A viewer account holds read permissions only, and "${check.permission}" writes.`,
  NOT_IN_PLAN: (check, { frame }, { role }) =>
    role === null
      ? `The plan "${frame?.plan.key}" has no viewer accounts.`
      : `The role "${role}", held by override in department "${check.departmentId}", would grant it, but the plan "${frame?.plan.key}" has no department overrides.`,
  NOT_GRANTED: (check) => `Neither role, override nor account role grants "${check.permission}".`,
};

/** What holds after a rule that left the question to the next. */
const PASSED: Readonly<Record<string, Sentence>> = {
  tenant: () => 'The tenant exists and is active.',
  permission: (check, { frame }) => `"${check.permission}" is a permission of the role matrix "${frame?.matrix.key}".`,
  place: (check) => {
    const named = [check.departmentId && 'department', check.customerId && 'customer'].filter(Boolean);
    if (named.length === 0) return 'No department or customer is named.';
    return `The ${named.join(' and the ')} named ${named.length === 1 ? 'exists' : 'exist'} here.`;
  },
  user: () => 'The user is known and enabled.',
  'account-owner': (_check, { member }) => `The account role is ${member?.accountRole}, which does not allow everything.`,
  membership: () => 'There is an active membership.',
  surface: (check) => `The primary role counts on the surface ${check.surface}.`,
  'customer-isolation': (_check, { member }) =>
    member?.membership?.customerId == null
      ? 'The member is staff, bound to no customer.'
      : 'The question names the customer to which the membership is bound, and no resource of another user.',
  'viewer-account': (check, { member }) =>
    member?.accountRole === 'VIEWER'
      ? `A viewer account may hold "${check.permission}", which reads.`
      : 'The account is not a viewer account.',
};

export function detailOf(rule: string, decision: Decision | null, check: Check, facts: Facts): string {
  if (decision !== null) return SETTLED[decision.reason](check, facts, decision);
  return PASSED[rule]!(check, facts, { allowed: false, reason: 'NOT_GRANTED', role: null });
}
