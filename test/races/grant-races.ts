import { must } from '../support/world.js';
import { addressOf, type Arena, EAST, type Racer, WEST } from './arena.js';
import type { Answer, Race } from './race.js';

interface Office {
  readonly arena: Arena;
  readonly tenantId: string;
  readonly owner: Racer;
  /** Holds a custom role with which one manages members, and little more. */
  readonly manager: Racer;
  readonly joiner: Racer;
}

const MANAGER = ['connectors.read', 'membership.manage', 'membership.read'];
const OWN = { key: 'own', name: 'Own' };

/** A tenant with custom roles, whose log the judge replays: no event may give what its actor did not hold at that moment. */
function inOffice(name: string, outcomes: readonly string[], prepare: (office: Office) => Promise<readonly (() => Promise<Answer>)[]>): Race {
  return {
    name,
    outcomes,
    enter: async (arena) => {
      const people = await arena.racers('owner', 'manager', 'joiner');
      return async () => {
        const [owner, manager, joiner] = (await arena.signedInAnew(people)) as [Racer, Racer, Racer];
        const tenantId = await arena.tenant('fastn', owner);
        const root = arena.rootAt[EAST];
        await must(root.mutate('createRole', { tenantId, key: 'manager', name: 'Manager', permissions: MANAGER }, 'revision'));
        await must(root.mutate('createRole', { tenantId, ...OWN, permissions: ['connectors.read'] }, 'revision'));
        await must(root.mutate('addMember', { tenantId, userId: manager.userId, role: 'manager' }, 'revision'));
        return { tenantIds: [tenantId], runners: await prepare({ arena, tenantId, owner, manager, joiner }) };
      };
    },
  };
}

const addJoiner = ({ tenantId, manager, joiner }: Office, role = OWN.key) => () =>
  manager.at[EAST].mutate('addMember', { tenantId, userId: joiner.userId, role }, 'revision');
const edit = ({ tenantId, owner }: Office, role: string, permissions: readonly string[]) => () =>
  owner.at[WEST].mutate('updateRole', { tenantId, role, permissions }, 'revision');
const demoteManager = ({ tenantId, owner, manager }: Office) => () =>
  owner.at[WEST].mutate('changeMemberRole', { tenantId, userId: manager.userId, role: 'viewer' }, 'revision');
const deleteOwn = ({ tenantId, owner }: Office, replacementRole: string | null) => () =>
  owner.at[WEST].mutate('deleteRole', { tenantId, role: OWN.key, replacementRole }, 'revision');

export const GRANT_RACES: readonly Race[] = [
  inOffice('somebody gives a role while they are demoted', ['ok / ok', 'FORBIDDEN / ok'], async (office) => [addJoiner(office), demoteManager(office)]),
  inOffice('somebody gives a role while they are removed', ['ok / ok', 'FORBIDDEN / ok', 'UNAUTHENTICATED / ok'], async (office) => [
    addJoiner(office),
    () => office.owner.at[WEST].mutate('removeMember', { tenantId: office.tenantId, userId: office.manager.userId }, 'revision'),
  ]),
  inOffice('a role is given while it comes to hold more than its giver', ['ok / ok', 'ESCALATION / ok'], async (office) => [
    addJoiner(office),
    edit(office, OWN.key, ['connectors.read', 'billing.manage']),
  ]),
  inOffice('a role is given while its giver comes to hold less', ['ok / ok', 'ESCALATION / ok'], async (office) => [
    addJoiner(office),
    edit(office, 'manager', ['membership.manage', 'membership.read']),
  ]),
  inOffice('a role is given while it is deleted', ['ok / CONFLICT', 'NOT_FOUND / ok'], async (office) => [addJoiner(office), deleteOwn(office, null)]),
  inOffice('a role is given while it is replaced', ['ok / ok', 'NOT_FOUND / ok'], async (office) => [addJoiner(office), deleteOwn(office, 'viewer')]),
  inOffice('one user is added twice', ['ok / CONFLICT', 'CONFLICT / ok'], async (office) => [
    addJoiner(office),
    () => office.owner.at[WEST].mutate('addMember', { tenantId: office.tenantId, userId: office.joiner.userId, role: 'admin' }, 'revision'),
  ]),
];

interface Letter {
  readonly office: Office;
  readonly invitationId: string;
  readonly secret: string;
}

async function invite(office: Office, email = addressOf(office.joiner.userId)): Promise<Letter> {
  const asked = { tenantId: office.tenantId, email, role: OWN.key };
  const answer = await must(office.manager.at[EAST].mutate<{ invitation: { id: string }; secret: string }>('inviteMember', asked, 'invitation { id } secret'));
  const { invitation, secret } = answer.data!['inviteMember']!;
  return { office, invitationId: invitation.id, secret };
}

const accept = ({ office, secret }: Letter, node: typeof EAST | typeof WEST) => () =>
  office.joiner.at[node].mutate('acceptInvitation', { secret }, 'revision');

export const INVITATION_RACES: readonly Race[] = [
  inOffice('an invitation is accepted twice', ['ok / NOT_FOUND', 'NOT_FOUND / ok'], async (office) => {
    const letter = await invite(office);
    return [accept(letter, EAST), accept(letter, WEST)];
  }),
  inOffice('an invitation is accepted twice by somebody without an account', ['ok / NOT_FOUND', 'NOT_FOUND / ok'], async (office) => {
    const { secret } = await invite(office, addressOf(office.arena.unique('newcomer')));
    const acceptAt = (node: typeof EAST | typeof WEST) => () =>
      office.arena.anonymousAt(node).mutate('acceptInvitation', { secret, name: 'Newcomer', password: 'correct horse battery' }, 'revision');
    return [acceptAt(EAST), acceptAt(WEST)];
  }),
  inOffice('an invitation is accepted while it is revoked', ['ok / CONFLICT', 'NOT_FOUND / ok'], async (office) => {
    const letter = await invite(office);
    const { owner, tenantId } = office;
    return [accept(letter, EAST), () => owner.at[WEST].mutate('revokeInvitation', { tenantId, invitationId: letter.invitationId }, 'revision')];
  }),
  inOffice('an invitation is accepted while the inviter is demoted', ['ok / ok', 'CONFLICT / ok'], async (office) => [accept(await invite(office), EAST), demoteManager(office)]),
  inOffice('two invitations of one person are accepted at once', ['ok / CONFLICT', 'CONFLICT / ok'], async (office) => [
    accept(await invite(office), EAST),
    accept(await invite(office), WEST),
  ]),
];
