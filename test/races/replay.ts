import type { RoleMatrix } from '../../src/domain/matrix.js';

export interface AuditRow {
  readonly tenant_id: string;
  readonly revision: string;
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly change: string | null;
  readonly hash: Buffer;
  readonly matrix_key: string;
}

interface Standing {
  readonly role: string;
  readonly status: string;
}

type Change = Readonly<Record<string, unknown>>;
type Held = ReadonlySet<string>;

const NOTHING: Held = new Set();

/**
 * Tells a tenant's story again from its audit log alone, in the order in which the changes committed: who was who at
 * each event, and so whether whoever acted held, at that moment, the capability and all that they gave.
 */
export class Replay {
  private readonly members = new Map<string, Standing>();
  private readonly customRoles = new Map<string, Held>();
  private readonly inviters = new Map<string, string>();

  constructor(private readonly matrix: RoleMatrix) {}

  /** What was not allowed about the event, and then its effect. */
  apply(event: AuditRow): string[] {
    const { before, after } = (event.change === null ? {} : JSON.parse(event.change)) as { before?: Change; after?: Change };
    const faults = this.judge(event, before ?? {}, after ?? {});
    this.take(event, after ?? {});
    return faults;
  }

  /** `user: role STATUS` for each member, sorted. */
  standing(): string[] {
    return [...this.members].map(([userId, { role, status }]) => `${userId}: ${role} ${status}`).sort();
  }

  private judge({ actor, action, target }: AuditRow, before: Change, after: Change): string[] {
    const giver = action === 'invitation.accepted' ? this.inviters.get(String(after['invitation']))! : actor;
    if (giver.startsWith('key:')) return [];
    const held = this.heldBy(giver);
    const lacking = (given: Held): string[] => [...given].filter((permission) => !held.has(permission));
    const beyond = (given: Held): string[] => lacking(given).map((permission) => `${giver} did ${action} on ${target} without holding ${permission}`);
    if (action === 'tenant.ownership-transferred') {
      return this.members.get(giver)?.role === this.matrix.ownerRole ? [] : [`${giver} passed on an ownership that was not theirs`];
    }
    const capability = action.startsWith('role.') ? 'role.manage' : action.startsWith('api-key.') ? 'apiKey.manage' : 'member.manage';
    const guard = this.matrix.guardOf(capability);
    const needed = guard === undefined || guard === 'member' ? NOTHING : new Set([guard.permission]);
    const roles = [before['role'], after['role']].filter((role) => typeof role === 'string');
    const permissions = [before['permissions'], after['permissions']].filter(Array.isArray).flat().map(String);
    return [...beyond(needed), ...roles.flatMap((role) => beyond(this.heldAs(role))), ...beyond(new Set(permissions))];
  }

  private take({ actor, action, target }: AuditRow, after: Change): void {
    const role = String(after['role']);
    if (action === 'tenant.created') {
      this.members.set(String(after['ownerId']), { role: this.matrix.ownerRole ?? this.matrix.firstAdminRole!.key, status: 'ACTIVE' });
    } else if (action === 'membership.removed') this.members.delete(target);
    else if (action === 'invitation.accepted') this.members.set(target, { role, status: 'ACTIVE' });
    else if (action.startsWith('membership.')) this.members.set(target, { role, status: String(after['status']) });
    else if (action === 'invitation.created') this.inviters.set(target, actor);
    else if (action === 'tenant.ownership-transferred') this.passOwnership(String(after['owner']));
    else if (action === 'role.deleted') this.moveHolders(target, after['replacementRole']);
    else if (action.startsWith('role.')) this.customRoles.set(target, new Set(after['permissions'] as string[]));
  }

  private passOwnership(heir: string): void {
    for (const [userId, { role, status }] of this.members) {
      if (role === this.matrix.ownerRole) this.members.set(userId, { role: this.matrix.firstAdminRole!.key, status });
    }
    this.members.set(heir, { role: this.matrix.ownerRole!, status: 'ACTIVE' });
  }

  private moveHolders(role: string, replacement: unknown): void {
    for (const [userId, held] of this.members) {
      if (held.role === role) this.members.set(userId, { ...held, role: String(replacement) });
    }
    this.customRoles.delete(role);
  }

  private heldBy(userId: string): Held {
    const member = this.members.get(userId);
    return member?.status === 'ACTIVE' ? this.heldAs(member.role) : NOTHING;
  }

  private heldAs(role: string): Held {
    const system = this.matrix.findRole(role);
    return system === undefined ? (this.customRoles.get(role) ?? NOTHING) : new Set(this.matrix.keysOf(system.permissions));
  }
}
