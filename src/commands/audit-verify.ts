import { pino } from 'pino';
import { type Config, ConfigError, readConfig } from '../config.js';
import { isIdentifier } from '../domain/identifier.js';
import { AppError } from '../errors.js';
import { AuditChainStore } from '../features/audit/audit-chains.store.js';
import { AuditVerification, type ChainReport } from '../features/audit/audit-verification.js';
import type { ChainFinding } from '../features/audit/chain-findings.js';
import { type Database, openDatabase } from '../storage/data-source.js';
import { asAppError } from '../storage/database-fault.js';
import { DatabaseRefused, DatabaseUnreachable, messageOf } from '../storage/database-refusal.js';
import { hasEmbeddedDatabase } from '../storage/embedded-database.js';
import { requireMigrated } from '../storage/require-migrated.js';
import { Transactions } from '../storage/transaction.js';

const SOUND = 0;
const TAMPERED = 1;
const UNCHECKED = 2;

/** Nobody waits for it but an operator, and the chain of a busy tenant is long: a day, in milliseconds. */
const CHAIN_LIMIT_MS = 24 * 60 * 60 * 1000;

/**
 * Checks one audit chain, or all where `tenantId` is null, and changes nothing. Each thing wrong is a line on stderr.
 * Returns the exit code: 0 for a sound log, 1 where something is wrong with it, 2 where it could not be checked.
 */
export async function verifyAudit(env: NodeJS.ProcessEnv, defaultPolicyDir: string, tenantId: string | null): Promise<number> {
  let database: Database | null = null;
  try {
    database = await openToLook(readConfig(env, defaultPolicyDir));
    return await verifyIn(database, tenantId);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return UNCHECKED;
  } finally {
    await database?.close();
  }
}

async function openToLook({ databaseUrl: url, databasePrepare: prepare, dataDir }: Config): Promise<Database> {
  if (url === null && !hasEmbeddedDatabase(dataDir)) {
    throw new DatabaseRefused(`There is no embedded database in ${dataDir}: set DATABASE_URL or DATA_DIR as for the gateway.`);
  }
  const database = await openDatabase({ url, prepare, dataDir, entities: [], migrations: [], log: quietLog() });
  try {
    await requireMigrated(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function verifyIn({ dataSource }: Database, tenantId: string | null): Promise<number> {
  const transactions = new Transactions(dataSource, { log: quietLog(), limitMs: CHAIN_LIMIT_MS });
  const verification = new AuditVerification(new AuditChainStore(dataSource), transactions);
  const reports = tenantId === null ? verification.verifyAll() : [await requireChain(verification, tenantId)];
  let [chains, events, wrong] = [0, 0, 0];
  for await (const report of reports) {
    chains += 1;
    events += report.events;
    wrong += report.findings.length;
    for (const finding of report.findings) process.stderr.write(`${lineOf(report, finding)}\n`);
  }
  if (wrong > 0) return TAMPERED;
  process.stdout.write(`The audit log is sound: ${events} events in ${chains} ${chains === 1 ? 'chain' : 'chains'}.\n`);
  return SOUND;
}

async function requireChain(verification: AuditVerification, tenantId: string): Promise<ChainReport> {
  const report = await verification.verify(tenantId);
  if (report === null) throw new AppError('NOT_FOUND', `There is no tenant ${JSON.stringify(tenantId)}, and no audit event of one.`);
  return report;
}

function lineOf({ tenantId }: ChainReport, { revision, eventId, what }: ChainFinding): string {
  const chain = tenantId === '' ? 'platform' : `tenant ${shown(tenantId)}`;
  return eventId === null ? `${chain}: ${what}` : `${chain}: revision ${revision}, event ${shown(eventId)}: ${what}`;
}

/** An id that somebody wrote by hand may be no id, and is not to speak to the operator's terminal. */
function shown(id: string): string {
  return isIdentifier(id) ? id : JSON.stringify(id);
}

function quietLog() {
  return pino({ level: 'error' }, pino.destination({ fd: 2, sync: true }));
}

const FORESEEN = [ConfigError, DatabaseRefused, DatabaseUnreachable];

/** What an operator is to read; anything unforeseen comes with its stack, since this is their terminal. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (FORESEEN.some((kind) => error instanceof kind)) return error.message;
  const seen = asAppError(error);
  if (!(seen instanceof AppError)) return error.stack ?? error.message;
  return seen.cause === undefined ? seen.message : `${seen.message} (${messageOf(seen.cause)})`;
}
