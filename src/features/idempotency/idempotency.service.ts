import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../errors.js';
import { asAppError } from '../../storage/database-fault.js';
import type { Log } from '../../storage/log.js';
import type { Transaction } from '../../storage/transaction.js';
import type { Claim, HeldClaim, IdempotencyStore } from './idempotency.store.js';
import { KeySecrets, type Reply } from './key-secrets.js';
import { reportsPassingFailure } from './passing-failure.js';

/** The actor of anonymous callers: no user and no key can have this id. */
export const ANONYMOUS_ACTOR = '';

export interface RepeatableRequest {
  /** Keys of different actors have nothing to do with each other. */
  readonly actor: string;
  readonly key: string;
  /** All that makes the request what it is, as plain JSON data. */
  readonly content: unknown;
}

export interface Answered {
  readonly reply: Reply;
  /** Whether it was answered from an earlier time. */
  readonly repeated: boolean;
}

export interface IdempotencyOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Lets so many milliseconds pass. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const STALE_MS = 60_000;
/** Between looking whether another attempt is done: three seconds in all, less than a request may take. */
const WAITS_MS = [20, 30, 50, 100, ...Array.from({ length: 14 }, () => 200)];
/** UTF-16 units. What is longer is carried out once too, but cannot be had again. */
const MAX_KEPT_LENGTH = 1024 * 1024;
const CLAIMS_BETWEEN_SWEEPS = 50;
/** More than are added between two sweeps, so that the dead never pile up. */
const SWEPT_AT_ONCE = 200;

/** Makes requests safe to repeat for a day: under one key, one effect and one answer. */
export class IdempotencyService {
  private readonly underway = new AsyncLocalStorage<Claim>();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly pause: (milliseconds: number) => Promise<unknown>;
  private claims = 0;

  constructor(
    private readonly store: IdempotencyStore,
    { clock, log, pause = sleep }: IdempotencyOptions,
  ) {
    this.clock = clock;
    this.log = log;
    this.pause = pause;
  }

  /**
   * Carries the request out, or answers as it was answered before. Throws CONFLICT where the key stands for another request,
   * where another attempt is not done in time (`retryable`), or where one took effect but its answer was lost.
   */
  async once({ actor, key, content }: RepeatableRequest, carryOut: () => Promise<Reply>): Promise<Answered> {
    const secrets = new KeySecrets(key, actor);
    const claim: Claim = { actor, keyHash: secrets.keyHash, requestHash: secrets.hashRequest(content), attempt: randomUUID() };
    const kept = await this.claim(claim).catch(rethrow);
    if (kept !== null) return { reply: secrets.open(kept.status, kept.sealed), repeated: true };
    const reply = await this.underway.run(claim, carryOut).catch(async (error: unknown) => {
      await this.settle('given up', () => this.store.release(claim));
      throw error;
    });
    await this.settle('kept', () => this.keepOrRelease(claim, reply, secrets));
    return { reply, repeated: false };
  }

  /**
   * At the end of every change, in its transaction: where that belongs to a request under a key, the request has taken
   * effect if and only if the transaction commits. Throws CONFLICT where another attempt took the request over.
   */
  readonly confirm = async (tx: Transaction): Promise<void> => {
    const claim = this.underway.getStore();
    if (claim === undefined || (await this.store.markCommitted(claim, tx))) return;
    throw inProgress('This attempt took so long that another one took its place: send the request again to get its answer.');
  };

  /** The kept answer; null where the request is the caller's to carry out. */
  private async claim(claim: Claim): Promise<HeldClaim['reply']> {
    for (const wait of WAITS_MS) {
      const now = this.clock.now();
      const times = { now, deadUntil: now - LIFETIME_MS, staleUntil: now - STALE_MS };
      if (await this.store.claim(claim, times)) {
        if (this.claims++ % CLAIMS_BETWEEN_SWEEPS === 0) await this.settle('swept', () => this.store.sweep(times.deadUntil, SWEPT_AT_ONCE));
        return null;
      }
      const held = await this.store.find(claim);
      const reply = held === null ? null : replyOf(held, claim, times.staleUntil);
      if (reply !== null) return reply;
      await this.pause(wait);
    }
    throw inProgress('The request of this Idempotency-Key is still in progress: send it again shortly.');
  }

  /** A failure that may pass is not kept, unless part of the request took effect and the rest of the answer tells of it. */
  private async keepOrRelease(claim: Claim, reply: Reply, secrets: KeySecrets): Promise<void> {
    if (reportsPassingFailure(reply.body) && ((await this.store.release(claim)) || reply.status >= 500)) return;
    if (reply.body.length <= MAX_KEPT_LENGTH) await this.store.keep(claim, reply.status, secrets.seal(reply));
    else await this.store.release(claim);
  }

  /** The request itself is done: what fails here may not make its caller believe otherwise. */
  private async settle(what: string, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (err) {
      this.log.error({ err }, `A claim of an idempotency key could not be ${what}; the request itself is done.`);
    }
  }
}

/** Null while another attempt may still be answered, or may be taken over. */
function replyOf(held: HeldClaim, claim: Claim, staleUntil: number): HeldClaim['reply'] {
  if (!held.requestHash.equals(claim.requestHash)) {
    throw new AppError('CONFLICT', 'This Idempotency-Key stands for another request: choose a new key for each change.');
  }
  if (held.reply === null && held.committed && held.claimedAt <= staleUntil) {
    throw new AppError('CONFLICT', 'The request was carried out, but its answer was lost: look at what is there, and use a new key.');
  }
  return held.reply;
}

function inProgress(sentence: string): AppError {
  return new AppError('CONFLICT', sentence, { details: { retryable: true } });
}

function rethrow(error: unknown): never {
  throw asAppError(error);
}
