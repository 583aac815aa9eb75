import { Caller, NOBODY } from './caller.js';
import { deadline, type Deed, type Ruling, written } from './deed.js';
import { PRIMARY_ROLE, refusesAccount, refusesCustomer, refusesGift, refusesToBring } from './member-deeds.js';
import type { Model } from './model.js';

const A_WEEK = 7 * 24 * 60;

export const inviteMember = (person: string, role: string, customer: string | null, minutes: number | null): Deed => ({
  mutation: 'inviteMember',
  demands: 'member.manage',
  input: (model) => ({ email: `mail ${person}`, role, customerId: customer, expiresAt: written(deadline(model, minutes)) }),
  gift: {
    select: 'invitation { id role { permissions } } secret',
    read: ({ invitation }) => invitation!.role.permissions,
    isBeyond: (giver, given) => giver.lacks(given),
  },
  judge: (model, caller) => {
    const made = `!${Object.keys(model.invitations).length}-${model.progress.revision}`;
    return {
      refusals: [
        ...refusesGift(model, caller, role),
        ...refusesCustomer(model, role, customer),
        !model.isAhead(deadline(model, minutes)) && 'BAD_USER_INPUT',
      ],
      change: () => {
        const expiresAt = model.in(minutes ?? A_WEEK);
        model.invitations[made] = { person, role: model.role(role)!.key, customer, invitedBy: caller.name, expiresAt, status: 'PENDING' };
      },
      made,
    };
  },
});

/** What has ended by itself or was revoked before stays as it is. */
export const revokeInvitation = (name: string): Deed => ({
  mutation: 'revokeInvitation',
  demands: 'member.manage',
  input: () => ({ invitationId: name }),
  judge: (model) => {
    const invitation = model.invitations[name];
    if (invitation === undefined) return { refusals: ['NOT_FOUND'], change: null };
    const isOpen = model.openInvitations.includes(invitation);
    return {
      refusals: [invitation.status === 'ACCEPTED' && 'CONFLICT'],
      change: isOpen ? () => void (invitation.status = 'REVOKED') : null,
    };
  },
});

/** By whoever has the secret, as the person invited; the inviter's rights are asked as they are by then. */
export const acceptInvitation = (name: string): Deed => ({
  mutation: 'acceptInvitation',
  demands: null,
  input: () => ({ secret: `secret ${name}` }),
  gift: { ...PRIMARY_ROLE, giver: (model) => model.invitations[name]!.invitedBy },
  judge: (model, caller): Ruling => {
    const invitation = model.invitations[name];
    if (caller.name !== NOBODY && !caller.isKnown) return { refusals: ['UNAUTHENTICATED'], change: null };
    if (invitation === undefined || !model.openInvitations.includes(invitation)) return { refusals: ['NOT_FOUND'], change: null };
    const { person, role, customer, invitedBy } = invitation;
    const inviter = new Caller(model, invitedBy);
    const isGiven = [...refusesGift(model, inviter, role), ...refusesToBring(model, inviter, person)].every((code) => code === false);
    return {
      refusals: [
        caller.name === NOBODY && 'UNAUTHENTICATED',
        caller.name !== NOBODY && caller.name !== person && 'FORBIDDEN',
        model.user(person).status !== 'ACTIVE' && 'NOT_FOUND',
        !(inviter.holds('member.manage') && isGiven) && 'CONFLICT',
        model.tenant!.status !== 'ACTIVE' && 'CONFLICT',
        model.member(person) !== undefined && 'CONFLICT',
        ...refusesAccount(model, person),
      ],
      change: () => {
        model.tenant!.members[person] = { role, status: 'ACTIVE', customer, expiresAt: null, overrides: {} };
        invitation.status = 'ACCEPTED';
      },
      actor: person,
    };
  },
});

/** A key holds no more than its maker, is bound to the person behind them, and lasts no longer than a key that made it. */
export const createApiKey = (ofTenant: boolean, capabilities: readonly string[], minutes: number | null): Deed => ({
  mutation: 'createApiKey',
  demands: ofTenant ? 'apiKey.manage' : 'platform.keys',
  input: (model) => ({ name: 'a key', capabilities, expiresAt: written(deadline(model, minutes)), ...(!ofTenant && { tenantId: null }) }),
  gift: {
    select: 'apiKey { id capabilities } secret',
    read: ({ apiKey }) => apiKey!.capabilities,
    isBeyond: (maker, given) => given.some((capability) => lacksCapability(maker, capability, ofTenant)),
  },
  judge: (model, caller) => {
    const made = `#${Object.keys(model.keys).length}`;
    const asked = deadline(model, minutes);
    const latest = caller.expiresAt;
    return {
      refusals: [
        ofTenant && capabilities.some((capability) => capability.startsWith('platform.')) && 'BAD_USER_INPUT',
        !model.isAhead(asked) && 'BAD_USER_INPUT',
        latest !== null && asked !== null && asked > latest && 'BAD_USER_INPUT',
        capabilities.some((capability) => lacksCapability(caller, capability, ofTenant)) && 'ESCALATION',
      ],
      change: () => {
        model.keys[made] = { ofTenant, capabilities, boundTo: caller.person, madeBy: caller.name, expiresAt: asked ?? latest, revoked: false };
      },
      made,
    };
  },
});

/** On the platform an account OWNER holds every capability, and a key what it was given. */
function lacksCapability(maker: Caller, capability: string, ofTenant: boolean): boolean {
  if (!ofTenant && maker.isPerson) return false;
  if (capability.startsWith('platform.')) return !maker.holdsOnPlatform(capability);
  return ofTenant ? !maker.holds(capability) : !maker.wasGiven(capability);
}

export const revokeApiKey = (name: string): Deed => ({
  mutation: 'revokeApiKey',
  demands: 'apiKey.manage',
  input: () => ({ id: name }),
  judge: (model: Model) => {
    const key = model.keys[name]!;
    return {
      refusals: [!key.ofTenant && 'NOT_FOUND'],
      change: key.revoked ? null : () => model.revokeKeyAndThoseItMade(name),
    };
  },
});
