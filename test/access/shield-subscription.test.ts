import { deny, rule } from '../../src/access/graphql-shield.js';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { applyShield } from '../../src/access/apply-shield.js';
import { forbidden } from '../../src/errors.js';
import { listen, schemaOf } from './shield/small-schema.js';
import type { Resolvers } from './shield/small-schema.js';

const TEXT = 'type Query { a: Int } type Subscription { news: String }';
const REFUSAL = forbidden().message;

interface News {
  readonly news: string;
}

async function* events(): AsyncGenerator<News> {
  for (let number = 1; ; number += 1) yield { news: `event ${number}` };
}

/** A source that counts how often it was opened and gives numbered events for as long as somebody asks. */
function source() {
  const opened: unknown[] = [];
  const open = () => {
    opened.push(null);
    return events();
  };
  return { opened, open };
}

type MayListen = (context: { readonly member: boolean }) => boolean | Promise<boolean>;

function guarded(resolvers: Resolvers, mayListen: MayListen): GraphQLSchema {
  const member = rule('member')((_parent, _args, context) => mayListen(context));
  const schema = schemaOf(TEXT, resolvers);
  return applyShield(schema, { Subscription: { news: member } }, { fallbackRule: deny, denied: () => forbidden() });
}

const verdicts: Readonly<Record<string, MayListen>> = {
  'a synchronous rule': ({ member }) => member,
  'an asynchronous rule': async ({ member }) => member,
};
const shapes: Readonly<Record<string, (open: () => AsyncGenerator<News>) => { resolvers: Resolvers; root: unknown }>> = {
  'subscribe alone': (open) => ({ resolvers: { 'Subscription.news': { subscribe: open } }, root: {} }),
  'subscribe and resolve, as type-graphql sets': (open) => ({
    resolvers: { 'Subscription.news': { subscribe: async () => open(), resolve: (event) => Reflect.get(Object(event), 'news') } },
    root: {},
  }),
  'neither, so that the root value opens the source': (open) => ({ resolvers: {}, root: { news: open } }),
};
const cases = Object.entries(shapes).flatMap(([shape, build]) =>
  Object.entries(verdicts).map(([kind, mayListen]) => ({ shape, build, kind, mayListen })),
);

describe.each(cases)('a subscription with $shape, under $kind', ({ build, mayListen }) => {
  it('never opens its source for someone who is denied', async () => {
    const { opened, open } = source();
    const { resolvers, root } = build(open);
    const refused = await listen(guarded(resolvers, mayListen), 'subscription { news }', { member: false }, root);
    expect(opened).toEqual([]);
    expect('errors' in refused && refused.errors?.map((error) => error.message)).toEqual([REFUSAL]);
  });

  it('answers with an error instead of an event once the right is revoked, and with events once it is back', async () => {
    const { opened, open } = source();
    const { resolvers, root } = build(open);
    const context = { member: true };
    const stream = await listen(guarded(resolvers, mayListen), 'subscription { news }', context, root);
    if (!(Symbol.asyncIterator in stream)) throw new Error('The subscription was refused.');

    const next = async (): Promise<ExecutionResult | void> => (await stream.next()).value;
    expect(await next()).toEqual({ data: { news: 'event 1' } });
    context.member = false;
    const revoked = await next();
    expect(revoked?.data).toEqual({ news: null });
    expect(revoked?.errors?.map((error) => error.message)).toEqual([REFUSAL]);
    context.member = true;
    expect(await next()).toEqual({ data: { news: 'event 3' } });
    expect(opened).toHaveLength(1);
  });
});
