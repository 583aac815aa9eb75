import type { Model, ModelKey } from './model.js';

export const ROOT = 'root';
/** Without any credential. */
export const NOBODY = 'nobody';

const RESERVED: ReadonlySet<string> = new Set(['tenant.delete', 'tenant.transfer']);

/** Who asks, and what they hold at this moment: people are named `@…`, keys `#…`. */
export class Caller {
  constructor(
    private readonly model: Model,
    readonly name: string,
  ) {}

  private get key(): ModelKey | undefined {
    return this.model.keys[this.name];
  }

  get isPerson(): boolean {
    return this.name.startsWith('@');
  }

  get isRoot(): boolean {
    return this.name === ROOT;
  }

  /** Whose rights bound what the caller may hand out; null for the platform's own keys. */
  get person(): string | null {
    return this.isPerson ? this.name : (this.key?.boundTo ?? null);
  }

  /** When the credential ends by itself; null where it does not. */
  get expiresAt(): number | null {
    return this.key?.expiresAt ?? null;
  }

  /** Whether the credential counts. */
  get isKnown(): boolean {
    if (this.isRoot) return true;
    if (this.isPerson) return this.model.user(this.name).status === 'ACTIVE';
    return this.key !== undefined && !this.key.revoked && this.model.isAhead(this.key.expiresAt);
  }

  /** Whoever may know which tenants there are. */
  get isOfPlatform(): boolean {
    return this.isPerson ? this.model.user(this.name).accountRole === 'OWNER' : this.isRoot || this.key?.ofTenant === false;
  }

  /** An account OWNER in person, or a key of the platform's own. */
  get actsForOwner(): boolean {
    return this.isPerson ? this.model.user(this.name).accountRole === 'OWNER' : this.person === null;
  }

  holds(capability: string): boolean {
    const { model, key, person } = this;
    if (model.tenant === undefined || !this.isKnown) return false;
    if (key !== undefined && !key.capabilities.includes(capability)) return false;
    if (key?.ofTenant === true && model.tenant.status !== 'ACTIVE') return false;
    return person === null || this.personHolds(person, capability);
  }

  holdsOnPlatform(capability: string): boolean {
    if (!this.isKnown) return false;
    if (this.isPerson) return this.model.user(this.name).accountRole === 'OWNER';
    return this.isRoot || (!this.key!.ofTenant && this.key!.capabilities.includes(capability));
  }

  /** Whether a key was made with it, whatever stands behind the key by now. */
  wasGiven(capability: string): boolean {
    return this.isRoot || this.key?.capabilities.includes(capability) === true;
  }

  /** Whether giving these would be more than the caller holds in the tenant or, until a moment, in one department of it. */
  lacks(permissions: Iterable<string>, department: string | null = null, lastMoment = this.model.now): boolean {
    const { person, model } = this;
    if (person === null) return false;
    const holds = (permission: string): boolean =>
      model.allows(person, permission) || (department !== null && model.allows(person, permission, department, lastMoment));
    return [...permissions].some((permission) => !holds(permission));
  }

  private personHolds(person: string, capability: string): boolean {
    const { status, accountRole } = this.model.user(person);
    if (status !== 'ACTIVE') return false;
    if (RESERVED.has(capability)) return this.isOwner(person);
    if (accountRole === 'OWNER') return true;
    return this.model.allows(person, this.model.law.guards.get(capability)!);
  }

  /** The owner of the tenant, or of the installation where the matrix has no owner role; no viewer account is either. */
  private isOwner(person: string): boolean {
    const { tenant, law, owner } = this.model;
    const { accountRole } = this.model.user(person);
    if (law.matrix.ownerRole === null) return accountRole === 'OWNER';
    return tenant?.status === 'ACTIVE' && accountRole !== 'VIEWER' && owner === person;
  }
}
