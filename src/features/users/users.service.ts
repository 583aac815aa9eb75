import { holdsOnPlatform } from '../../access/authority.js';
import { actorOf, type Principal, ROOT_KEY_ID } from '../../access/principal.js';
import type { UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import type { Page, PageRequest } from '../../domain/page.js';
import { AppError } from '../../errors.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyStore } from '../api-keys/api-keys.store.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import { requireEmail, requireIdentifier, requireName } from '../input.js';
import type { SignInStore } from '../sign-ins/sign-ins.store.js';
import type { CommunityTenant } from '../tenants/community-tenant.js';
import { accountOf } from './account-of.js';
import { newUserId } from './new-user-id.js';
import type { TenantsOfUser } from './tenants-of-user.js';
import type { UserRecord, UserStore } from './users.store.js';

export interface NewUser {
  readonly id: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly accountRole: AccountRole;
}

export interface UserEdit {
  readonly name: string | null;
  readonly email: string | null;
}

/** People, whatever tenants they belong to. */
export class UserService {
  constructor(
    private readonly users: UserStore,
    private readonly tenantsOfUser: TenantsOfUser,
    private readonly signIns: SignInStore,
    private readonly keys: ApiKeyStore,
    private readonly changes: PlatformChanges,
    /** Null in the edition saas. */
    private readonly community: CommunityTenant | null,
  ) {}

  readonly findAll = (ids: readonly string[]): Promise<(UserRecord | null)[]> => this.users.findAll(ids);

  find(id: string): Promise<UserRecord | null> {
    return this.users.find(id);
  }

  list(request: PageRequest, search: string | null): Promise<Page<UserRecord>> {
    return this.users.list(request, search);
  }

  create(caller: Principal, asked: NewUser): Promise<UserRecord> {
    const user: UserRecord = {
      id: newUserId('id', asked.id),
      name: requireName('name', asked.name),
      email: asked.email === null ? null : requireEmail('email', asked.email),
      accountRole: asked.accountRole,
      status: 'ACTIVE',
    };
    if (user.accountRole === 'OWNER') requireOwner(caller);
    return this.changes.run(caller, 'platform.users', async ({ tx, now }) => {
      await this.users.requireFree(user, tx);
      await this.users.insert(user, new Date(now), tx);
      await this.community?.follow({ user, before: null, actor: actorOf(caller), at: new Date(now) }, tx);
      return { result: user, entry: { action: 'user.created', target: user.id, after: accountOf(user) } };
    });
  }

  /** People change their own name. An address is for those who manage accounts to change, since nothing here proves whose it is. */
  update(caller: Principal, userId: string, edit: UserEdit): Promise<UserRecord> {
    const isSelf = caller.kind === 'user' && caller.userId === userId;
    return this.changes.run(caller, isSelf ? null : 'platform.users', async ({ tx }) => {
      const user = await this.require(userId, tx);
      const changed: UserRecord = {
        ...user,
        name: edit.name === null ? user.name : requireName('name', edit.name),
        email: edit.email === null ? user.email : requireEmail('email', edit.email),
      };
      if (changed.name === user.name && changed.email === user.email) return { result: user, entry: null };
      if (changed.email !== user.email) requireMayChangeAddress(caller, user);
      await this.users.requireFreeEmail(changed, tx);
      await this.users.update(userId, { name: changed.name, email: changed.email }, tx);
      return { result: changed, entry: { action: 'user.updated', target: userId, before: accountOf(user), after: accountOf(changed) } };
    });
  }

  setAccountRole(caller: Principal, userId: string, accountRole: AccountRole): Promise<UserRecord> {
    return this.changes.run(caller, 'platform.users', async ({ tx, now }) => {
      const user = await this.require(userId, tx);
      const change = { before: user.accountRole, actor: actorOf(caller), at: new Date(now) };
      if (user.accountRole === accountRole) {
        // Brings an account ADMIN back who is missing among the tenant's admins, as one of times under the edition saas.
        await this.community?.follow({ user, ...change }, tx);
        return { result: user, entry: null };
      }
      if (user.accountRole === 'OWNER' || accountRole === 'OWNER') requireOwner(caller);
      if (user.accountRole === 'OWNER') await this.requireOtherOwner(user, tx);
      await this.tenantsOfUser.around(userId, tx, () => this.users.update(userId, { accountRole }, tx));
      // A viewer account only reads, whatever its roles: it is nobody's admin.
      if (accountRole === 'VIEWER') await this.tenantsOfUser.requireDispensable(userId, tx);
      // An account OWNER's keys reach into every tenant and the platform, where their maker now has no rights to stand behind them.
      if (user.accountRole === 'OWNER') await this.keys.revokeBoundTo(userId, null, new Date(now), tx);
      const changed = { ...user, accountRole };
      await this.community?.follow({ user: changed, ...change }, tx);
      const entry = { action: 'user.account-role-changed', target: userId, before: { accountRole: user.accountRole }, after: { accountRole } };
      return { result: changed, entry };
    });
  }

  /** Ends the user's sign-ins and the keys behind which their rights stand. */
  disable(caller: Principal, userId: string): Promise<UserRecord> {
    return this.changes.run(caller, 'platform.users', async ({ tx, now }) => {
      const user = await this.require(userId, tx);
      if (user.status === 'DISABLED') return { result: user, entry: null };
      if (user.accountRole === 'OWNER') {
        requireOwner(caller);
        await this.requireOtherOwner(user, tx);
      }
      await this.tenantsOfUser.around(userId, tx, () => this.users.update(userId, { status: 'DISABLED' }, tx));
      await this.tenantsOfUser.requireDispensable(userId, tx);
      await this.signIns.endAll(userId, new Date(now), tx);
      await this.signIns.deleteSecretsOf(userId, tx);
      await this.keys.revokeBoundTo(userId, null, new Date(now), tx);
      return withStatus(user, 'DISABLED', 'user.disabled');
    });
  }

  enable(caller: Principal, userId: string): Promise<UserRecord> {
    return this.changes.run(caller, 'platform.users', async ({ tx }) => {
      const user = await this.require(userId, tx);
      if (user.status === 'ACTIVE') return { result: user, entry: null };
      if (user.accountRole === 'OWNER') requireOwner(caller);
      await this.tenantsOfUser.around(userId, tx, () => this.users.update(userId, { status: 'ACTIVE' }, tx));
      return withStatus(user, 'ACTIVE', 'user.enabled');
    });
  }

  private async require(userId: string, tx: Transaction): Promise<UserRecord> {
    const user = await this.users.find(requireIdentifier('userId', userId), tx);
    if (user === null) throw new AppError('NOT_FOUND', 'There is no user of this id.');
    return user;
  }

  private async requireOtherOwner(user: UserRecord, tx: Transaction): Promise<void> {
    const counted = user.status === 'ACTIVE' ? 1 : 0;
    if ((await this.users.countOwners(tx)) - counted > 0) return;
    throw new AppError('LAST_ADMIN', 'This is the last account OWNER: give the account role to somebody else first.');
  }
}

/** The account role OWNER is given and taken only by an account OWNER, or with the root key of the installation. */
function requireOwner(caller: Principal): void {
  const isOwner = caller.kind === 'user' ? caller.accountRole === 'OWNER' : caller.keyId === ROOT_KEY_ID;
  if (!isOwner) throw new AppError('ESCALATION', 'Only an account OWNER may do this.', { details: { missing: ['OWNER'] } });
}

/** Whoever has somebody's address at their will may become them: an account OWNER's is changed as the account role itself. */
function requireMayChangeAddress(caller: Principal, { accountRole }: UserRecord): void {
  if (accountRole === 'OWNER') requireOwner(caller);
  if (!holdsOnPlatform(caller, 'platform.users')) {
    throw new AppError('FORBIDDEN', 'Your e-mail address is changed by whoever manages accounts, since nothing here proves that it is yours.');
  }
}

function withStatus(user: UserRecord, status: UserStatus, action: string) {
  const entry = { action, target: user.id, before: { status: user.status }, after: { status } };
  return { result: { ...user, status }, entry };
}
