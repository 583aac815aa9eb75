import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../access/principal.js';
import type { WorkspaceCapability } from '../../domain/capability.js';
import { requireIdentifier, requireName } from '../input.js';
import { pagesTogether } from '../../domain/page.js';
import { AppError } from '../../errors.js';
import { isForeignKeyViolation } from '../../storage/database-fault.js';
import type { Transaction } from '../../storage/transaction.js';
import { NOBODY } from '../changes/tenant-change.js';
import type { Changed, TenantChanges } from '../changes/tenant-changes.js';
import type { TenantPart, TenantPartKey, TenantPartStore } from './tenant-parts.store.js';

interface PartKind {
  /** As in audit actions: `department.created`. */
  readonly noun: 'department' | 'customer';
  readonly demands: WorkspaceCapability;
  /** Removes what only remembers the part, before the part itself goes; returns what the audit event says of it. */
  readonly forget: (tenantId: string, id: string, now: number, tx: Transaction) => Promise<object>;
  /** The sentence for whoever would delete a part that something refers to. */
  readonly inUse: string;
}

/** Departments or customers, which differ in name and in what guards them. */
export class TenantPartService {
  constructor(
    private readonly parts: TenantPartStore,
    private readonly changes: TenantChanges,
    private readonly kind: PartKind,
  ) {}

  readonly findAll = (keys: readonly TenantPartKey[]): Promise<(TenantPart | null)[]> => this.parts.findAll(keys);

  readonly listPages = pagesTogether((tenantIds, request) => this.parts.listOfTenants(tenantIds, request));

  create(caller: Principal, tenantId: string, id: string | null, name: string): Promise<Changed<TenantPart>> {
    const part = { tenantId, id: id === null ? uuidv7() : requireIdentifier('id', id), name: requireName('name', name) };
    return this.changes.run({ caller, tenantId, demands: this.kind.demands }, async ({ tx, now }) => {
      if ((await this.parts.find(tenantId, part.id, tx)) !== null) {
        throw new AppError('CONFLICT', `The tenant already has a ${this.kind.noun} of this id: choose another.`);
      }
      await this.parts.insert(part, new Date(now), tx);
      return { result: part, entry: this.entry('created', part.id, undefined, { name: part.name }), touches: 'everybody' };
    });
  }

  rename(caller: Principal, tenantId: string, id: string, newName: string): Promise<Changed<TenantPart>> {
    const name = requireName('name', newName);
    return this.changes.run({ caller, tenantId, demands: this.kind.demands }, async ({ tx }) => {
      const part = await this.parts.find(tenantId, requireIdentifier(`${this.kind.noun}Id`, id), tx);
      if (part === null) throw this.absent();
      if (part.name === name) return { result: part, entry: null };
      const renamed = { ...part, name };
      await this.parts.rename(renamed, tx);
      return { result: renamed, entry: this.entry('renamed', id, { name: part.name }, { name }), touches: NOBODY };
    });
  }

  delete(caller: Principal, tenantId: string, id: string): Promise<Changed<string>> {
    return this.changes.run({ caller, tenantId, demands: this.kind.demands }, async ({ tx, now }) => {
      const part = await this.parts.find(tenantId, requireIdentifier(`${this.kind.noun}Id`, id), tx);
      if (part === null) throw this.absent();
      const forgotten = await this.kind.forget(tenantId, id, now, tx);
      try {
        await this.parts.delete(tenantId, id, tx);
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        throw new AppError('CONFLICT', this.kind.inUse, { cause: error });
      }
      return { result: id, entry: this.entry('deleted', id, { name: part.name, ...forgotten }, undefined), touches: 'everybody' };
    });
  }

  private absent(): AppError {
    return new AppError('NOT_FOUND', `The tenant has no ${this.kind.noun} of this id.`);
  }

  private entry(verb: string, target: string, before: unknown, after: unknown) {
    return { action: `${this.kind.noun}.${verb}`, target, before, after };
  }
}
