import { mintApiKey } from '../../access/api-key-secret.js';
import { actorOf, actorOfKey, type Principal } from '../../access/principal.js';
import { type Capability, isCapability, isWorkspaceCapability } from '../../domain/capability.js';
import type { Clock } from '../../domain/clock.js';
import { pagesTogether } from '../../domain/page.js';
import { AppError, badInput, forbidden } from '../../errors.js';
import type { PlatformChanges } from '../changes/platform-changes.js';
import { NOBODY } from '../changes/tenant-change.js';
import type { TenantChanges } from '../changes/tenant-changes.js';
import { quoted, requireDistinct, requireFuture, requireIdentifier, requireName } from '../input.js';
import type { Transaction } from '../../storage/transaction.js';
import type { ApiKeyRecord, ApiKeyStore } from './api-keys.store.js';

export interface AskedKey {
  readonly tenantId: string | null;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly expiresAt: Date | null;
}

export interface MadeKey {
  readonly apiKey: ApiKeyRecord;
  /** The whole credential: shown once, and kept nowhere. */
  readonly secret: string;
}

/** API keys of a tenant, or of the platform. */
export class ApiKeyService {
  constructor(
    private readonly keys: ApiKeyStore,
    private readonly changes: TenantChanges,
    private readonly platform: PlatformChanges,
    private readonly clock: Clock,
  ) {}

  readonly listPages = pagesTogether((tenantIds, request) => this.keys.listOfTenants(tenantIds, request));

  async create(caller: Principal, asked: AskedKey): Promise<MadeKey> {
    const capabilities = requireCapabilities(asked.capabilities, asked.tenantId !== null);
    const name = requireName('name', asked.name);
    const expiresAt = requireFuture('expiresAt', asked.expiresAt, this.clock.now());
    const { tenantId } = asked;
    if (tenantId === null) {
      requireHeldByKey(caller, capabilities);
      return this.platform.run(caller, 'platform.keys', async ({ tx, now }) => {
        const boundTo = await this.personBehind(caller, tx);
        const made = await this.mint(caller, { tenantId, name, capabilities, expiresAt: await this.endOf(caller, expiresAt, tx), createdAt: now, boundTo }, tx);
        return { result: made, entry: created(made.apiKey) };
      });
    }
    const { result } = await this.changes.run({ caller, tenantId, demands: 'apiKey.manage' }, async (scope) => {
      const missing = capabilities.filter((capability) => isWorkspaceCapability(capability) && !scope.holds(capability));
      if (missing.length > 0) throw beyondCaller(missing);
      const ends = await this.endOf(caller, expiresAt, scope.tx);
      const made = await this.mint(caller, { tenantId, name, capabilities, expiresAt: ends, createdAt: scope.now, boundTo: scope.boundTo }, scope.tx);
      return { result: made, entry: created(made.apiKey), touches: NOBODY };
    });
    return result;
  }

  /** Ends the key at once, with all that it gave by making other keys; ending what has ended is no error. */
  async revoke(caller: Principal, tenantId: string | null, id: string): Promise<ApiKeyRecord> {
    const end = async (tx: Transaction, now: number) => {
      const key = await this.keys.find(tenantId, requireIdentifier('id', id), tx);
      if (key === null) throw new AppError('NOT_FOUND', 'There is no API key of this id here.');
      if (key.revokedAt !== null) return { result: key, entry: null };
      const endedWithIt = await this.keys.revoke(tenantId, id, new Date(now), tx);
      const revoked = { ...key, revokedAt: now };
      const after = { ...described(revoked), ...(endedWithIt.length > 0 && { endedWithIt }) };
      const entry = { action: 'api-key.revoked', target: actorOfKey(id), before: described(key), after };
      return { result: revoked, entry, touches: NOBODY };
    };
    if (tenantId === null) return this.platform.run(caller, 'platform.keys', ({ tx, now }) => end(tx, now));
    const { result } = await this.changes.run({ caller, tenantId, demands: 'apiKey.manage' }, async (scope) => {
      await scope.announceCallers();
      return end(scope.tx, scope.now);
    });
    return result;
  }

  /** A key that a key makes ends with the same person; null for the root key and what it makes. */
  private async personBehind(caller: Principal, tx: Transaction): Promise<string | null> {
    if (caller.kind === 'user') return caller.userId;
    return (await this.keys.find(caller.tenantId, caller.keyId, tx))?.boundTo ?? null;
  }

  /** A key ends with the key that made it, at the latest. */
  private async endOf(caller: Principal, asked: number | null, tx: Transaction): Promise<number | null> {
    const maker = caller.kind === 'key' ? await this.keys.find(caller.tenantId, caller.keyId, tx) : null;
    const latest = maker?.expiresAt ?? null;
    if (latest !== null && asked !== null && asked > latest) {
      throw badInput('expiresAt', 'A key ends with the key that makes it, at the latest, and that one expires sooner: name an earlier time, or none.');
    }
    return asked ?? latest;
  }

  private async mint(caller: Principal, key: Omit<ApiKeyRecord, 'id' | 'lastUsedAt' | 'revokedAt'>, tx: Transaction): Promise<MadeKey> {
    const { id, token, hash } = mintApiKey();
    await this.keys.insert({ ...key, id, hash, madeBy: actorOf(caller) }, tx);
    return { apiKey: { ...key, id, lastUsedAt: null, revokedAt: null }, secret: token };
  }
}

function requireCapabilities(names: readonly string[], withinTenant: boolean): Capability[] {
  const unknown = names.filter((name) => !(withinTenant ? isWorkspaceCapability(name) : isCapability(name)));
  if (unknown.length > 0) {
    const kind = withinTenant ? 'a tenant' : 'the platform';
    throw badInput('capabilities', `A key of ${kind} cannot have ${quoted(unknown)}: see the list of capabilities.`);
  }
  if (names.length === 0) throw badInput('capabilities', 'Name at least one capability.');
  requireDistinct('capabilities', names);
  return names.filter(isCapability).sort();
}

/** An account OWNER holds everything on the platform; a platform key what it was given. */
function requireHeldByKey(caller: Principal, capabilities: readonly Capability[]): void {
  if (caller.kind !== 'key') return;
  if (caller.tenantId !== null) throw forbidden();
  const missing = capabilities.filter((capability) => !caller.capabilities.has(capability));
  if (missing.length > 0) throw beyondCaller(missing);
}

function beyondCaller(missing: readonly Capability[]): AppError {
  return new AppError('ESCALATION', `A key can hold only capabilities that its maker holds; you lack ${missing.join(', ')}.`, { details: { missing } });
}

function created(key: ApiKeyRecord) {
  return { action: 'api-key.created', target: actorOfKey(key.id), after: described(key) };
}

/** What the audit log keeps of a key. */
function described({ tenantId, name, capabilities, expiresAt, revokedAt }: ApiKeyRecord) {
  return { tenantId, name, capabilities, expiresAt: momentOf(expiresAt), revokedAt: momentOf(revokedAt) };
}

function momentOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
