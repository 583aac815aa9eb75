import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { platformLog } from './platform-trail.js';

let test: GatewayForTests;
let world: World;
beforeEach(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterEach(() => test.close());

const DAY = 24 * 60 * 60 * 1000;
const FIRST = { id: 'first', name: 'First', email: 'first@people.example', password: 'correct horse battery staple' };
const mint = async (): Promise<string> => (await test.gateway.parts.bootstrap.mintSecret())!;
const bootstrap = (secret: string, more = {}) =>
  world.anonymous.mutate<{ accessToken: string; user: { id: string } }>(
    'bootstrap',
    { ...FIRST, secret, ...more },
    'accessToken expiresAt user { id name email accountRole status }',
  );
const USED_UP = { code: 'UNAUTHENTICATED' };
const codesOf = async (answer: ReturnType<typeof bootstrap>) => (await answer).errors.map((error) => error.extensions);

describe('bootstrap', () => {
  it('makes the first account OWNER, who is signed in, has a password, and stands in the platform chain', async () => {
    const before = await platformLog(test);
    const { data } = await must(bootstrap(await mint()));
    const { accessToken, ...rest } = data!['bootstrap']!;
    const user = { id: 'first', name: 'First', email: 'first@people.example', accountRole: 'OWNER', status: 'ACTIVE' };
    expect(rest).toEqual({ expiresAt: new Date(test.clock.now() + DAY / 3).toISOString(), user });
    expect(await world.anonymous.as(accessToken).ask('{ viewer { user { id accountRole } } users { totalCount } }')).toEqual({
      viewer: { user: { id: 'first', accountRole: 'OWNER' } },
      users: { totalCount: 1 },
    });
    expect(
      (await world.anonymous.mutate('signIn', { email: FIRST.email, password: FIRST.password }, 'accessToken')).errors,
    ).toEqual([]);
    const after = await platformLog(test);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toMatchObject({ actor: 'first', action: 'user.created', target: 'first' });
    expect(JSON.stringify(after.at(-1))).not.toContain(FIRST.password);
  });

  it('refuses secrets that are made up, used up or a day old', async () => {
    const [older, newer] = [await mint(), await mint()];
    expect(await codesOf(bootstrap('made-up'))).toEqual([USED_UP]);
    expect(await codesOf(bootstrap(''))).toEqual([USED_UP]);
    test.clock.advance(DAY);
    expect(await codesOf(bootstrap(older))).toEqual([USED_UP]);
    await must(bootstrap(await mint()));
    for (const secret of [older, newer])
      expect(await codesOf(bootstrap(secret, { id: 'second', email: 'second@people.example' }))).toEqual([USED_UP]);
    expect(await test.gateway.parts.bootstrap.mintSecret()).toBeNull();
    expect(await world.root.ask('{ users { totalCount } }')).toEqual({ users: { totalCount: 1 } });
  });

  it('refuses what it is told amiss, makes nobody, and leaves the secret good', async () => {
    await must(world.root.mutate('createUser', { id: 'taken', name: 'Taken', email: 'taken@people.example' }, 'user { id }'));
    const secret = await mint();
    const amiss: readonly (readonly [object, object])[] = [
      [{ id: 'a b' }, { code: 'BAD_USER_INPUT', field: 'id' }],
      [{ id: 'key:root' }, { code: 'BAD_USER_INPUT', field: 'id' }],
      [{ id: 'gatehouse' }, { code: 'BAD_USER_INPUT', field: 'id' }],
      [{ name: '' }, { code: 'BAD_USER_INPUT', field: 'name' }],
      [{ email: 'nobody' }, { code: 'BAD_USER_INPUT', field: 'email' }],
      [{ password: 'short' }, { code: 'BAD_USER_INPUT', field: 'password' }],
      [{ id: 'taken' }, { code: 'CONFLICT' }],
      [{ email: 'TAKEN@people.example' }, { code: 'CONFLICT' }],
    ];
    for (const [input, refusal] of amiss) expect([input, await codesOf(bootstrap(secret, input))]).toEqual([input, [refusal]]);
    expect(await world.root.ask('{ users { totalCount } }')).toEqual({ users: { totalCount: 1 } });
    await must(bootstrap(secret, { id: null }));
  });

  it('makes one account OWNER of two who come at once, be it with one secret or with two', async () => {
    const [one, other] = [await mint(), await mint()];
    const answers = await Promise.all(
      [one, one, other, other].map((secret, i) => bootstrap(secret, { id: `first-${i}`, email: `first-${i}@people.example` })),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    expect(await world.root.ask('{ users { totalCount } }')).toEqual({ users: { totalCount: 1 } });
  });

  it('is over once there is an account OWNER, whoever made them', async () => {
    const secret = await mint();
    await world.person('owner', 'OWNER');
    expect(await codesOf(bootstrap(secret))).toEqual([{ code: 'CONFLICT' }]);
  });
});
