import type { Client } from '../support/client.js';
import { idOf, type Question } from './data-set.js';
import { eachOf, groupedBy, inListsOf } from './lists.js';

export interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** One request a question. */
export function askOneByOne(questions: readonly Question[], client: Client): Promise<Answer[]> {
  return eachOf(questions, async (question) => {
    const { check } = await client.ask<{ check: Answer }>(
      'query($input: CheckInput!) { check(input: $input) { allowed reason } }',
      { input: checkOf(question) },
    );
    return check;
  });
}

/** Many questions a request, about whomever and wherever; at most 1,000. */
export async function askInLists(questions: readonly Question[], size: number, client: Client): Promise<Answer[]> {
  const answers = await eachOf(inListsOf(size, questions), async (list) => {
    const { checks } = await client.ask<{ checks: Answer[] }>(
      'query($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed reason } }',
      { inputs: list.map(checkOf) },
    );
    return checks;
  });
  return answers.flat();
}

/** One request for each user in each place, which is the cheapest way. The answers come in the order of the questions. */
export async function askByPlace(questions: readonly Question[], client: Client): Promise<boolean[]> {
  const places = groupedBy(questions, ({ user, tenant, department }) => JSON.stringify([user, tenant, department]));
  const answers = new Map<Question, boolean>();
  await eachOf([...places.values()].flatMap((place) => inListsOf(1000, place)), async (place) => {
    const { permission: _first, ...where } = checkOf(place[0]!);
    const { checkPermissions } = await client.ask<{ checkPermissions: { allowed: boolean[] } }>(
      'query($input: CheckPermissionsInput!) { checkPermissions(input: $input) { allowed } }',
      { input: { ...where, permissions: place.map(({ permission }) => idOf(permission)) } },
    );
    place.forEach((question, i) => answers.set(question, checkPermissions.allowed[i]!));
  });
  return questions.map((question) => answers.get(question)!);
}

function checkOf({ user, tenant, department, permission }: Question) {
  return {
    userId: idOf(user),
    tenantId: idOf(tenant),
    permission: idOf(permission),
    departmentId: department === undefined ? null : idOf(department),
  };
}
