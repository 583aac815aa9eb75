import type { WorldUser } from '../decisions/world.js';
import type { Caller } from './caller.js';
import type { Deed, Refusals } from './deed.js';
import type { Model } from './model.js';

/** Only an account OWNER gives, takes or disables the account role OWNER, or whoever has the root key. */
const speaksForOwners = (model: Model, caller: Caller): boolean =>
  caller.isRoot || (caller.isPerson && model.user(caller.name).accountRole === 'OWNER');

/** What concerns a person concerns the tenant to which they belong: its revision rises, its log stays. */
function touchTenant(model: Model, user: string): void {
  if (model.member(user) !== undefined) model.progress.revision += 1;
}

/** The tenant keeps its owner and an admin; a viewer account, which only reads, is neither. */
function refusesToSpare(model: Model, user: string): Refusals {
  return [model.owner === user && 'OWNER_REQUIRED', model.member(user)?.status === 'ACTIVE' && model.isLastAdmin(user) && 'LAST_ADMIN'];
}

export const setAccountRole = (user: string, accountRole: WorldUser['accountRole']): Deed => ({
  mutation: 'setAccountRole',
  demands: 'platform.users',
  input: () => ({ userId: user, accountRole }),
  judge: (model, caller) => {
    const account = model.user(user);
    if (account.accountRole === accountRole) return { refusals: [], change: null };
    const isOwners = account.accountRole === 'OWNER' || accountRole === 'OWNER';
    return {
      refusals: [
        isOwners && !speaksForOwners(model, caller) && 'ESCALATION',
        ...(accountRole === 'VIEWER' ? refusesToSpare(model, user) : []),
      ],
      change: () => {
        if (account.accountRole === 'OWNER') model.revokeKeys((key) => key.boundTo === user);
        account.accountRole = accountRole;
        touchTenant(model, user);
      },
    };
  },
});

/** Ends the user's sign-ins, and the keys behind which their rights stood. */
export const disableUser = (user: string): Deed => ({
  mutation: 'disableUser',
  demands: 'platform.users',
  input: () => ({ userId: user }),
  judge: (model, caller) => {
    const account = model.user(user);
    if (account.status === 'DISABLED') return { refusals: [], change: null };
    return {
      refusals: [
        account.accountRole === 'OWNER' && !speaksForOwners(model, caller) && 'ESCALATION',
        ...refusesToSpare(model, user),
      ],
      change: () => {
        account.status = 'DISABLED';
        model.revokeKeys((key) => key.boundTo === user);
        touchTenant(model, user);
      },
    };
  },
});

export const enableUser = (user: string): Deed => ({
  mutation: 'enableUser',
  demands: 'platform.users',
  input: () => ({ userId: user }),
  judge: (model, caller) => {
    const account = model.user(user);
    if (account.status === 'ACTIVE') return { refusals: [], change: null };
    return {
      refusals: [account.accountRole === 'OWNER' && !speaksForOwners(model, caller) && 'ESCALATION'],
      change: () => {
        account.status = 'ACTIVE';
        touchTenant(model, user);
      },
    };
  },
});
