import type { Facts, Member, TenantFrame } from '../../src/domain/facts.js';
import { RoleMatrix } from '../../src/domain/matrix.js';
import type { TenantChange, Touched } from '../../src/features/changes/tenant-change.js';
import type { LoadedMember } from '../../src/features/decisions/facts-loader.js';
import type { MemberReading, Pair } from '../../src/features/decisions/facts.store.js';

export const TENANTS = ['acme', 'globex'] as const;
export const MEMBERS = ['ada', 'bob', 'cy'] as const;
/** Belongs to no tenant, so that no revision tells of a change to the account. */
export const STRANGER = 'zed';

const MATRIX = new RoleMatrix({
  key: 'any',
  title: 'Any',
  version: 1,
  categories: [],
  roles: [],
  ownerRole: null,
  adminRoles: [],
  aliases: new Map(),
  accountRoles: new Map(),
  guards: new Map(),
});

/** A span of time in which something was so: up to, and not at, the moment of its end. */
interface Span {
  until: number;
}

interface TenantState extends Span {
  readonly revision: bigint;
  readonly frame: TenantFrame;
  /** By user: the role, whose key tells with which revision it came. */
  readonly roles: ReadonlyMap<string, string>;
}

interface AccountState extends Span {
  readonly accountRole: 'OWNER' | 'MEMBER';
}

interface LoggedTenantChange extends TenantChange {
  readonly place: number;
}

/** What is so in the database and what was so before: of everything ever read, this says when it was the truth. */
export class FactsHistory {
  private readonly tenants = new Map<string, TenantState[]>();
  private accounts: AccountState[] = [{ accountRole: 'OWNER', until: Number.POSITIVE_INFINITY }];
  private logged: (LoggedTenantChange | { readonly place: number })[] = [];
  private place = 0;
  /** How often an older copy has taken the place of the database. */
  restorations = 0;

  constructor(private readonly now: () => number) {
    for (const tenantId of TENANTS) this.tenants.set(tenantId, [this.firstState(tenantId)]);
  }

  commit(tenantId: string, touches: Touched): TenantChange {
    const before = this.latest(tenantId);
    const revision = before.revision + 1n;
    const mark = `${this.restorations}.${revision}`;
    const frame = touches === 'everybody' ? frameOf(tenantId, revision, mark) : before.frame;
    const roles = new Map(before.roles);
    if (touches !== 'everybody') for (const userId of touches) roles.set(userId, mark);
    before.until = this.now();
    this.tenants.get(tenantId)!.push({ revision, frame, roles, until: Number.POSITIVE_INFINITY });
    const change = { tenantId, revision, touches };
    this.logged.push({ ...change, place: (this.place += 1) });
    return change;
  }

  changeAccount(): void {
    const before = this.accounts.at(-1)!;
    before.until = this.now();
    this.accounts.push({ accountRole: before.accountRole === 'OWNER' ? 'MEMBER' : 'OWNER', until: Number.POSITIVE_INFINITY });
    this.logged.push({ place: (this.place += 1) });
  }

  /** The tenant is at an earlier revision again, from which another history begins. */
  restore(tenantId: string): void {
    this.restorations += 1;
    const states = this.tenants.get(tenantId)!;
    const { revision } = states.at(-1)!;
    const copy = states.findLast((state) => state.revision < revision);
    if (copy === undefined) return;
    states.at(-1)!.until = Math.min(states.at(-1)!.until, this.now());
    states.push({ ...copy, until: Number.POSITIVE_INFINITY });
  }

  /** As the log of changes tells it: of each tenant in order. */
  since(place: number): { readonly place: number; readonly changes: readonly TenantChange[]; readonly haveCallersChanged: boolean } {
    const later = this.logged.filter((entry) => entry.place > place);
    const changes = later.filter((entry): entry is LoggedTenantChange => 'tenantId' in entry);
    return { place: this.place, changes, haveCallersChanged: changes.length < later.length };
  }

  read({ tenantId, userId }: Pair): MemberReading {
    const { revision, frame } = this.latest(tenantId);
    return { tenantId, userId, revision, structureRevision: frame.structureRevision, member: this.memberOf(tenantId, userId) };
  }

  readWithFrame(pair: Pair): LoadedMember {
    return { reading: this.read(pair), frame: this.latest(pair.tenantId).frame };
  }

  /** Until when these facts were the truth about the user, infinity if they are; null if they never were, which is the worst. */
  truthOf(userId: string, { frame, member, revision }: Facts): number | null {
    const states = this.tenants.get(frame!.tenantId)!.filter((state) => {
      const role = state.roles.get(userId);
      return state.revision === revision && state.frame === frame && role === member?.membership?.roleKey;
    });
    const until = Math.max(...states.map((state) => state.until));
    if (states.length === 0) return null;
    if (userId !== STRANGER) return until;
    const accounts = this.accounts.filter((account) => account.accountRole === member?.accountRole);
    return Math.min(until, Math.max(...accounts.map((account) => account.until)));
  }

  private latest(tenantId: string): TenantState {
    return this.tenants.get(tenantId)!.at(-1)!;
  }

  private firstState(tenantId: string): TenantState {
    const roles = new Map(MEMBERS.map((userId) => [userId, '0.1']));
    return { revision: 1n, frame: frameOf(tenantId, 1n, '0.1'), roles, until: Number.POSITIVE_INFINITY };
  }

  private memberOf(tenantId: string, userId: string): Member {
    const roleKey = this.latest(tenantId).roles.get(userId);
    if (roleKey === undefined) return { userId, accountRole: this.accounts.at(-1)!.accountRole, status: 'ACTIVE', membership: null };
    const membership = { status: 'ACTIVE', roleKey, customerId: null, expiresAt: null, overrides: new Map() } as const;
    return { userId, accountRole: 'MEMBER', status: 'ACTIVE', membership };
  }
}

function frameOf(tenantId: string, structureRevision: bigint, mark: string): TenantFrame {
  const plan = { key: mark, title: mark, features: new Set<never>() };
  const nothing = { customRoles: new Map(), departments: new Set<string>(), customers: new Set<string>() };
  return { tenantId, status: 'ACTIVE', plan, matrix: MATRIX, structureRevision, ...nothing };
}
