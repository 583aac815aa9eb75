import type { CaseFile, DecisionCase, EffectiveCase, WhoCase } from './case-file.js';
import type { Decider } from './decider.js';

/** Puts every case to the decider, by each way of asking that it has. */
export function runCases(decider: Decider, files: readonly CaseFile[]): void {
  const takes = (item: { domainOnly?: string | undefined }) => decider.takesAnyWorld || item.domainOnly === undefined;
  describe.each(files)(`${decider.name}, $name: $idea`, ({ cases, effective, who }) => {
    for (const item of cases.filter(takes)) it(item.name, () => expectDecision(decider, item));
    const lists = listsOf(cases.filter(takes));
    if (lists.length > 0) it('every question of a world and a time, asked in one list', () => expectLists(decider, lists));
    for (const item of effective.filter(takes)) it(item.name, () => expectEffective(decider, item));
    for (const item of who.filter(takes)) it(item.name, () => expectWho(decider, item));
  });
}

async function expectDecision(decider: Decider, { world, ask, at, want }: DecisionCase): Promise<void> {
  expect(await decider.check(world, ask, at)).toMatchObject(want);

  const { decision, steps } = await decider.explain(world, ask, at);
  expect(decision).toMatchObject(want);
  expect(steps.map((step) => step.passed)).toEqual([...steps.slice(1).map(() => true), want.allowed]);
  for (const { detail } of steps) expect(detail).toMatch(/^(?!.*\b(?:null|undefined)\b).+\.$/);

  expect(await decider.checkPermissions(world, ask, [ask.permission], at)).toEqual([want.allowed]);
  expect(await decider.can(world, ask, at)).toBe(want.allowed);

  if (ask.owner === null || decider.effectiveHeedsOwner) {
    const { keys } = await decider.effective(world, ask, at);
    expect(keys.includes(ask.permission)).toBe(want.allowed);
  }
  if (ask.owner === null) {
    expect((await decider.who(world, ask, at)).includes(ask.user)).toBe(want.allowed);
  }
}

/** The cases of one world and one time, list by list. */
function listsOf(cases: readonly DecisionCase[]): DecisionCase[][] {
  const lists = new Map<string, DecisionCase[]>();
  for (const item of cases) {
    const key = JSON.stringify([item.world, item.at]);
    lists.set(key, [...(lists.get(key) ?? []), item]);
  }
  return [...lists.values()];
}

async function expectLists(decider: Decider, lists: readonly DecisionCase[][]): Promise<void> {
  for (const list of lists) {
    const { world, at } = list[0]!;
    const answers = await decider.checks(world, list.map(({ ask }) => ask), at);
    expect(answers).toMatchObject(list.map(({ want }) => want));
  }
}

async function expectEffective(decider: Decider, { world, ask, at, want }: EffectiveCase): Promise<void> {
  const answer = await decider.effective(world, { ...ask, owner: null }, at);
  expect(answer.keys).toHaveLength(want.count);
  expect(new Set(answer.keys).size).toBe(want.count);
  if (want.keys !== undefined) expect(answer.keys.toSorted()).toEqual(want.keys.toSorted());
  const held = new Map(answer.categories.map((category) => [category.category, category.held]));
  for (const [category, count] of Object.entries(want.categories)) {
    expect([category, held.get(category)]).toEqual([category, count]);
  }
  expect({ role: answer.role, departmentRoles: answer.departmentRoles, reason: answer.reason }).toEqual({
    role: want.role,
    departmentRoles: want.departmentRoles,
    reason: want.reason,
  });
  const allowed = await decider.checkPermissions(world, { ...ask, owner: null }, answer.keys, at);
  expect(allowed).toEqual(answer.keys.map(() => true));
}

async function expectWho(decider: Decider, { world, ask, at, want }: WhoCase): Promise<void> {
  const holders = await decider.who(world, ask, at);
  expect(holders.toSorted()).toEqual(want.toSorted());
  const users = Object.keys(world.users);
  const answers = await decider.checks(world, users.map((user) => ({ ...ask, user, owner: null })), at);
  expect(users.filter((_user, i) => answers[i]!.allowed).toSorted()).toEqual(want.toSorted());
}
