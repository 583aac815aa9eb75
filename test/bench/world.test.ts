import { join } from 'node:path';
import { WorldFacts } from '../../bench/world/facts.js';
import { readMatrixFile } from '../../bench/world/matrix-file.js';
import type { Reason } from '../../bench/world/oracle.js';
import { askedOf } from '../../bench/world/questions.js';
import { makeWorld, type World } from '../../bench/world/world.js';
import { decide } from '../../src/domain/decide.js';
import { loadPolicyFolder } from '../../src/policy/policy-folder.js';
import { ROOT } from '../architecture/tree.js';

const POLICY = join(ROOT, 'policy');
const matrixFile = readMatrixFile(join(POLICY, 'fastn.yaml'));
const world = makeWorld(matrixFile, { tenants: 30, membersPerTenant: 50 });

async function factsOf(of: World): Promise<WorldFacts> {
  const { matrices, plans } = await loadPolicyFolder(POLICY);
  return new WorldFacts(of, matrices.find(({ matrix }) => matrix.key === 'fastn')!.matrix, plans.plans.get('enterprise')!);
}

describe('the world of the benchmark', () => {
  it('is the same in every run', () => {
    expect(makeWorld(matrixFile, { tenants: 3, membersPerTenant: 50 })).toEqual(makeWorld(matrixFile, { tenants: 3, membersPerTenant: 50 }));
    expect(askedOf(world, 100)).toEqual(askedOf(world, 100));
  });

  it('has one owner, two custom roles of fifteen permissions, and overrides for a fifth of the members, in each tenant', () => {
    for (const { members, customRoles } of world.tenants) {
      expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
      expect(customRoles.map(({ permissions }) => new Set(permissions).size)).toEqual([15, 15]);
      expect(members.filter(({ overrides }) => overrides.length > 0)).toHaveLength(members.length / 5);
    }
  });

  it('counts the permissions of the system roles as the matrix file expects them', () => {
    const counts = Object.fromEntries([...matrixFile.roles].map(([role, held]) => [role, held.size]));
    expect(counts).toEqual({ owner: 39, admin: 39, developer: 34, operator: 18, viewer: 7, end_user: 9 });
  });
});

describe('the questions of the benchmark', () => {
  const asked = askedOf(world, 8000, { oddities: 0.2 });

  it('are allowed in half of the cases, within 1%', () => {
    const allowed = asked.filter(({ answer }) => answer.allowed).length;
    expect(Math.abs(allowed / asked.length - 0.5)).toBeLessThan(0.01);
  });

  it('are about members only, unless oddities are asked for', () => {
    const reasons = new Set(askedOf(world, 2000).map(({ answer }) => answer.reason));
    expect([...reasons].sort()).toEqual(['GRANTED_BY_DEPARTMENT_OVERRIDE', 'GRANTED_BY_ROLE', 'NOT_GRANTED']);
  });

  it('are answered by the oracle as by the domain, for every reason that it knows', async () => {
    const facts = await factsOf(world);
    const place = { customerId: null, ownerId: null, surface: 'PLATFORM' as const };
    const decided = asked.map((question) => ({ question, decision: decide({ ...question, ...place }, facts.of(question), 0) }));
    const differing = decided.filter(({ question: { answer }, decision }) => answer.allowed !== decision.allowed || answer.reason !== decision.reason);
    expect(differing.slice(0, 3)).toEqual([]);
    const all: Reason[] = ['GRANTED_BY_DEPARTMENT_OVERRIDE', 'GRANTED_BY_ROLE', 'NO_MEMBERSHIP', 'NOT_GRANTED', 'UNKNOWN_DEPARTMENT', 'UNKNOWN_PERMISSION', 'UNKNOWN_TENANT'];
    expect([...new Set(decided.map(({ decision }) => decision.reason))].sort()).toEqual([...all].sort());
  });
});
