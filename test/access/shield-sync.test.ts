import { allow, and, chain, deny, or, race, rule } from '../../src/access/graphql-shield.js';
import { applyShield } from '../../src/access/apply-shield.js';
import type { ShieldRule } from '../../src/access/shield-rule.js';
import { forbidden } from '../../src/errors.js';
import { anyInfo, fieldOf, schemaOf } from './shield/small-schema.js';
import { untypedRule } from './shield/untyped-rule.js';

const yes = rule('yes')(() => true);
const no = rule('no')(() => false);
const later = rule('later')(async () => true);
const refusal = forbidden();

function resolveUnder(guard: ShieldRule): unknown {
  const schema = schemaOf('type Query { field: String }', { 'Query.field': () => 'value' });
  applyShield(schema, { Query: { field: guard } }, { fallbackRule: deny, denied: () => refusal });
  return fieldOf(schema, 'Query.field').resolve?.({}, {}, {}, anyInfo());
}

describe('a field whose rule and resolver are synchronous', () => {
  const allowing: Readonly<Record<string, ShieldRule>> = {
    'a rule': yes,
    'and()': and(yes, yes, allow),
    'or()': or(no, yes, deny),
    'chain()': chain(yes, yes, yes),
    'race()': race(no, yes),
    'joins of joins': and(or(no, chain(yes, race(no, yes))), yes),
    'a race that is won before an asynchronous rule is asked': race(yes, later),
  };
  it.each(Object.entries(allowing))('gives its value and no promise under %s', (_name, guard) => {
    expect(resolveUnder(guard)).toBe('value');
  });

  const refusing: Readonly<Record<string, ShieldRule>> = {
    'a rule': no,
    'deny': deny,
    'and()': and(yes, no),
    'or()': or(no, deny),
    'race()': race(no, no),
    'a chain that ends before an asynchronous rule is asked': chain(no, later),
  };
  it.each(Object.entries(refusing))('gives its refusal and no promise under %s', (_name, guard) => {
    expect(resolveUnder(guard)).toBe(refusal);
  });
});

const thenable = new Map<never, never>();
Reflect.set(thenable, 'then', (settle: (verdict: boolean) => void) => settle(true));

describe('a field whose rule is asynchronous', () => {
  const waiting: Readonly<Record<string, ShieldRule>> = {
    'a rule': later,
    'a rule that gives a thenable of another library': untypedRule('thenable', () => thenable),
    'and()': and(yes, later),
    'or(), which asks all': or(yes, later),
    'chain()': chain(yes, later, yes),
    'race()': race(no, later),
  };
  it.each(Object.entries(waiting))('gives a promise of its value under %s', async (_name, guard) => {
    const value = resolveUnder(guard);
    expect(value).toBeInstanceOf(Promise);
    expect(await value).toBe('value');
  });
});
