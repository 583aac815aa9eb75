import { answerByTheBook, type Book, type BookMatrix, type BookRole } from '../decisions/reference.js';
import { own, type Scene, type World } from '../decisions/world.js';

type Writable<T> = T extends readonly (infer E)[] ? Writable<E>[] : T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
export type ModelTenant = Writable<World['tenants'][string]>;
export type ModelMember = ModelTenant['members'][string];

/** What holds whatever happens: the policy files. */
export interface Law {
  readonly book: Book;
  readonly matrixKey: string;
  readonly matrix: BookMatrix;
  /** The permission that each workspace capability asks for. */
  readonly guards: ReadonlyMap<string, string>;
}

export interface ModelKey {
  /** Of the tenant; otherwise of the platform. */
  readonly ofTenant: boolean;
  readonly capabilities: readonly string[];
  /** The person whose rights stand behind it; null for the platform's own. */
  readonly boundTo: string | null;
  readonly madeBy: string;
  readonly expiresAt: number | null;
  revoked: boolean;
}

export interface ModelInvitation {
  readonly person: string;
  role: string;
  readonly customer: string | null;
  readonly invitedBy: string;
  readonly expiresAt: number;
  status: 'PENDING' | 'ACCEPTED' | 'REVOKED';
}

/** How far the chains of events have come: the tenant's revision, its audit log, and the platform's. */
export interface Progress {
  revision: number;
  events: number;
  platformEvents: number;
}

export const TENANT = 'tenant';
const MINUTE = 60_000;

/** What a tenant should be by now, written from the design: people, roles and keys under the names of the test. */
export class Model {
  readonly keys: Record<string, ModelKey> = {};
  readonly invitations: Record<string, ModelInvitation> = {};
  progress: Progress = { revision: 0, events: 0, platformEvents: 0 };
  steps = 0;
  readonly begun: number;

  constructor(
    readonly law: Law,
    readonly world: Writable<World>,
    public now: number,
  ) {
    this.begun = now;
  }

  /** Undefined once it is deleted. */
  get tenant(): ModelTenant | undefined {
    return own(this.world.tenants, TENANT);
  }

  user(name: string) {
    return this.world.users[name]!;
  }

  member(name: string): ModelMember | undefined {
    return this.tenant && own(this.tenant.members, name);
  }

  /** The role of this key or alias. */
  role(key: string): BookRole | undefined {
    const { matrix } = this.law;
    const custom = this.tenant && own(this.tenant.roles, key);
    if (custom) return { key, widgetOnly: custom.surface === 'WIDGET_ONLY', permissions: new Set(custom.permissions) };
    return matrix.roles.get(matrix.aliases.get(key) ?? key);
  }

  permissionsOf(role: string): readonly string[] {
    return [...(this.role(role)?.permissions ?? [])];
  }

  hasFeature(feature: 'CUSTOM_ROLES' | 'DEPARTMENT_OVERRIDES' | 'VIEWER_ACCOUNTS'): boolean {
    return this.tenant !== undefined && this.law.book.plans.get(this.tenant.plan)!.has(feature);
  }

  /** The first admin role other than the owner's. */
  get adminRole(): string {
    const { adminRoles, ownerRole } = this.law.matrix;
    return adminRoles.find((key) => key !== ownerRole)!;
  }

  get owner(): string | undefined {
    const { ownerRole } = this.law.matrix;
    return Object.entries(this.tenant?.members ?? {}).find(([, { role }]) => role === ownerRole)?.[0];
  }

  isCurrent(member: ModelMember): boolean {
    return member.status === 'ACTIVE' && this.isAhead(member.expiresAt);
  }

  isAhead(time: number | null): boolean {
    return time === null || this.now < time;
  }

  /** Whether the tenant would be left without an admin if this one went. */
  isLastAdmin(name: string): boolean {
    const { adminRoles } = this.law.matrix;
    if (!adminRoles.includes(this.member(name)?.role ?? '')) return false;
    return !Object.keys(this.tenant!.members).some((other) => other !== name && this.leads(other));
  }

  /** An active, unexpiring admin of the staff, whose account is enabled and does more than read. */
  private leads(name: string): boolean {
    const { role, status, expiresAt, customer } = this.member(name)!;
    const account = this.user(name);
    const isStaff = status === 'ACTIVE' && expiresAt === null && customer === null;
    return this.law.matrix.adminRoles.includes(role) && isStaff && account.status === 'ACTIVE' && account.accountRole !== 'VIEWER';
  }

  /** Invitations that may still be accepted. */
  get openInvitations(): ModelInvitation[] {
    return Object.values(this.invitations).filter(({ status, expiresAt }) => status === 'PENDING' && this.isAhead(expiresAt));
  }

  revokeKeyAndThoseItMade(name: string): void {
    this.keys[name]!.revoked = true;
    for (const [made, { madeBy }] of Object.entries(this.keys)) if (madeBy === name) this.revokeKeyAndThoseItMade(made);
  }

  revokeKeys(matches: (key: ModelKey) => boolean): void {
    for (const key of Object.values(this.keys)) if (matches(key)) key.revoked = true;
  }

  /** What the person may do on the platform's surface, for no customer, in the tenant or in one department of it. */
  allows(person: string, permission: string, department: string | null = null, at = this.now): boolean {
    return answerByTheBook(this.law.book, this.world, { ...this.platformWide(person), department, permission }, at).allowed;
  }

  private platformWide(user: string): Scene {
    return { user, tenant: TENANT, department: null, customer: null, owner: null, surface: 'PLATFORM' };
  }

  /** So many minutes from now, in milliseconds since the epoch. */
  in(minutes: number): number {
    return this.now + minutes * MINUTE;
  }
}

/** Overrides that have expired keep nothing from being deleted, and go with it. */
export function forgetExpired(model: Model, matches: (held: { readonly role: string }, department: string) => boolean): void {
  for (const { overrides } of Object.values(model.tenant!.members)) {
    for (const [department, held] of Object.entries(overrides)) {
      if (matches(held, department) && !model.isAhead(held.expiresAt)) delete overrides[department];
    }
  }
}
