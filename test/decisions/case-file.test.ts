import { readCaseFile } from './case-file.js';

const world = `
world:
  tenants: { acme: { matrix: fastn, plan: enterprise, customers: [north], members: { ann: { role: viewer } } } }
  users: { ann: {} }
`;
const ask = 'ask: { user: ann, tenant: acme, permission: connectors.read }';
const yes = 'want: { allowed: true, reason: GRANTED_BY_ROLE, role: viewer }';

const read = (body: string) => readCaseFile('some.yaml', `idea: some idea${world}${body}`);

describe('a case file', () => {
  it('gives every case its whole world, overlaid with what the case says', () => {
    const { cases } = read(`cases:
  - { name: one, ${ask}, ${yes} }
  - { name: two, given: { tenants: { acme: { customers: [], members: { ann: { status: SUSPENDED } } } } }, ${ask}, ${yes} }
  - { name: three, given: { tenants: { acme: { members: { ann: null } } } }, at: 2026-01-01T00:00:00.001Z, ${ask}, ${yes} }`);
    const tenants = cases.map((item) => item.world.tenants['acme']);
    expect(tenants.map((tenant) => tenant?.customers)).toEqual([['north'], [], ['north']]);
    expect(tenants.map((tenant) => tenant?.members['ann']?.status)).toEqual(['ACTIVE', 'SUSPENDED', undefined]);
    expect(cases.map((item) => item.at - Date.UTC(2026, 0, 1))).toEqual([0, 0, 1]);
    const nowhere = { department: null, customer: null, owner: null, surface: 'PLATFORM' };
    expect(cases[0]?.ask).toEqual({ user: 'ann', tenant: 'acme', permission: 'connectors.read', ...nowhere });
  });

  it.each([
    ['a misspelt field of a case', `cases: [{ name: one, ${ask}, ${yes}, wnat: 1 }]`, /some\.yaml: case "one": .*wnat/s],
    [
      'a misspelt field of a question',
      `cases: [{ name: one, ask: { user: ann, tenant: acme, permission: x, custmer: y }, ${yes} }]`,
      /case "one": .*custmer/s,
    ],
    [
      'a misspelt field of a member',
      `cases: [{ name: one, given: { tenants: { acme: { members: { ann: { rolle: x } } } } }, ${ask}, ${yes} }]`,
      /case "one": .*rolle/s,
    ],
    ['a misspelt field of the file', 'casse: []', /some\.yaml: .*casse/s],
    [
      'a reason that does not exist',
      `cases: [{ name: one, ${ask}, want: { allowed: false, reason: BECAUSE } }]`,
      /case "one": .*reason/s,
    ],
    [
      'an answer at odds with its reason',
      `cases: [{ name: one, ${ask}, want: { allowed: true, reason: NOT_GRANTED } }]`,
      /case "one": .*NOT_GRANTED/s,
    ],
    ['a missing answer', `cases: [{ name: one, ${ask} }]`, /case "one": .*want/s],
    [
      'a name that is taken',
      `cases: [{ name: one, ${ask}, ${yes} }, { name: one, ${ask}, ${yes} }]`,
      /case "one": the name is taken/,
    ],
    ['a time without a zone', `cases: [{ name: one, at: 2026-01-01T00:00:00, ${ask}, ${yes} }]`, /case "one": .*at/s],
    [
      'a member who is no user',
      `cases: [{ name: one, given: { users: { ann: null } }, ${ask}, ${yes} }]`,
      /case "one": .*ann, who is no user/s,
    ],
    [
      'a binding to no customer',
      `cases: [{ name: one, given: { tenants: { acme: { members: { ann: { customer: south } } } } }, ${ask}, ${yes} }]`,
      /bound to south/,
    ],
    ['a case without a name', `cases: [{ ${ask}, ${yes} }]`, /some\.yaml: case "undefined": .*name/s],
  ])('is refused for %s', (_what, body, message) => {
    expect(() => read(body)).toThrow(message);
  });
});
