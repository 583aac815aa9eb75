/** The plain data that a case is about: every id is spelled out, so that any implementation can load it. */
export interface World {
  readonly tenants: Readonly<Record<string, WorldTenant>>;
  readonly users: Readonly<Record<string, WorldUser>>;
}

export interface WorldTenant {
  /** The key of a role matrix and of a plan in the policy folder. */
  readonly matrix: string;
  readonly plan: string;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly departments: readonly string[];
  readonly customers: readonly string[];
  /** By the custom role's key. */
  readonly roles: Readonly<Record<string, WorldRole>>;
  /** By the user's id. */
  readonly members: Readonly<Record<string, WorldMember>>;
}

export interface WorldRole {
  readonly permissions: readonly string[];
  readonly surface: 'ALL' | 'WIDGET_ONLY';
}

export interface WorldUser {
  readonly accountRole: 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER';
  readonly status: 'ACTIVE' | 'DISABLED';
}

export interface WorldMember {
  /** A role's key or alias. */
  readonly role: string;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly customer: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  /** By the department's id. */
  readonly overrides: Readonly<Record<string, WorldOverride>>;
}

export interface WorldOverride {
  readonly role: string;
  readonly expiresAt: number | null;
}

/** Where a question is asked: who, in which tenant, and in which place of it. */
export interface Scene {
  readonly user: string;
  readonly tenant: string;
  readonly department: string | null;
  readonly customer: string | null;
  /** The user to whom an individually scoped resource belongs. */
  readonly owner: string | null;
  readonly surface: 'PLATFORM' | 'WIDGET';
}

export interface Ask extends Scene {
  readonly permission: string;
}

export interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
  readonly role: string | null;
}

/** A record's own entry: `constructor` and its like are ids as good as any other. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
