import { performance } from 'node:perf_hooks';
import { type Check, decide } from '../../src/domain/decide.js';
import type { Facts } from '../../src/domain/facts.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { FASTN_FILE, SHIPPED_POLICY } from '../places.js';
import { spreadOf } from '../load/statistics.js';
import { WorldFacts } from '../world/facts.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { askedOf } from '../world/questions.js';
import { makeWorld } from '../world/world.js';

export interface DecideTiming {
  /** Of one call in the median pass over the questions: a pass is over within a millisecond, so that what else runs on the machine falls on few. */
  readonly nanoseconds: number;
  /** Left on the heap by one call, on the average. */
  readonly bytes: number;
}

interface Case {
  readonly check: Check;
  readonly facts: Facts;
  readonly allowed: boolean;
}

const QUESTIONS = 4096;
const PASSES = 1000;
/** So few that no collection comes in between, which would hide what was left behind. */
const PASSES_WHILE_COUNTING = 100;

const { matrices, plans } = await loadPolicyFolder(SHIPPED_POLICY);
const world = makeWorld(readMatrixFile(FASTN_FILE), { tenants: 100, membersPerTenant: 50 });
const facts = new WorldFacts(world, matrices.find(({ matrix }) => matrix.key === world.matrix.key)!.matrix, plans.plans.get('enterprise')!);
const cases: Case[] = askedOf(world, QUESTIONS).map((asked) => ({
  check: { userId: asked.userId, permission: asked.permission, departmentId: asked.departmentId, customerId: null, ownerId: null, surface: 'PLATFORM' },
  facts: facts.of(asked),
  allowed: asked.answer.allowed,
}));

/** Every answer is compared with the oracle's. */
function pass(): void {
  for (const { check, facts: known, allowed } of cases) {
    if (decide(check, known, 0).allowed !== allowed) throw new Error(`decide is wrong on ${JSON.stringify(check)}`);
  }
}

function repeat(passes: number): void {
  for (let done = 0; done < passes; done++) pass();
}

/** Milliseconds. */
function timeOfPass(): number {
  const begun = performance.now();
  pass();
  return performance.now() - begun;
}

repeat(PASSES / 2);
const nanoseconds = (spreadOf(Array.from({ length: PASSES }, timeOfPass)).median * 1e6) / QUESTIONS;

globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
repeat(PASSES_WHILE_COUNTING);
const bytes = Math.max(0, process.memoryUsage().heapUsed - before) / (PASSES_WHILE_COUNTING * QUESTIONS);

process.stdout.write(JSON.stringify({ nanoseconds, bytes } satisfies DecideTiming));
