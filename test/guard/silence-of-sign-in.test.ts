import { PasswordHasher } from '../../src/access/password.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';

const { jest } = import.meta;
const PASSWORD = 'correct horse battery staple';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

/** Somebody with a password; their address. */
async function personWithPassword(): Promise<{ userId: string; email: string }> {
  const { userId } = await world.person();
  const reset = await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
  await must(world.anonymous.mutate('setPassword', { secret: reset.data!['resetPassword']!.secret, password: PASSWORD }, 'accessToken'));
  return { userId, email: `${userId}@people.example` };
}

describe('signing in', () => {
  it('takes the right password, whatever the case of the address', async () => {
    const { email } = await personWithPassword();
    for (const written of [email, email.toUpperCase()]) {
      expect(await world.anonymous.codes(`mutation { signIn(input: { email: "${written}", password: "${PASSWORD}" }) { accessToken } }`)).toEqual([]);
    }
  });

  it('is refused in the same words after the same work for whatever reason', async () => {
    const { email } = await personWithPassword();
    const disabled = await personWithPassword();
    await must(world.root.mutate('disableUser', { userId: disabled.userId }, 'user { id }'));
    const { userId: withoutPassword } = await world.person();
    const verify = jest.spyOn(PasswordHasher.prototype, 'verify');
    const attempts = {
      'an unknown address': ['unknown@people.example', PASSWORD],
      'a wrong password': [email, `${PASSWORD}!`],
      'an empty password': [email, ''],
      'a disabled user with the right password': [disabled.email, PASSWORD],
      'a disabled user with a wrong password': [disabled.email, 'wrong'],
      'a user who has no password': [`${withoutPassword}@people.example`, PASSWORD],
      'what is no address': ['%', PASSWORD],
    };
    const answers: Record<string, unknown> = {};
    for (const [what, [address, password]] of Object.entries(attempts)) {
      verify.mockClear();
      const { status, text } = await world.anonymous.mutate('signIn', { email: address, password }, 'accessToken');
      answers[what] = { status, text, asked: verify.mock.calls.length };
    }
    const [first] = Object.values(answers);
    expect(first).toEqual({ status: 401, text: expect.stringContaining('The e-mail address or the password is wrong.'), asked: 1 });
    expect(answers).toEqual(Object.fromEntries(Object.keys(attempts).map((what) => [what, first])));
  });

  it('by several aliases of one request asks the hasher for each attempt', async () => {
    const { email } = await personWithPassword();
    const verify = jest.spyOn(PasswordHasher.prototype, 'verify');
    const attempt = (i: number) => `a${i}: signIn(input: { email: "${email}", password: "guess ${i}" }) { accessToken }`;
    const { errors } = await world.anonymous.send(`mutation { ${[0, 1, 2].map(attempt).join(' ')} }`);
    expect(errors.map((error) => error.extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(verify).toHaveBeenCalledTimes(3);
  });
});

describe('a one-time secret', () => {
  it('that is unknown, used up, expired, replaced, or of a disabled user is refused in the same words', async () => {
    const secretOf = async (userId: string) => (await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'))).data!['resetPassword']!.secret;
    const [usedUp, expired, replaced, disabled] = await Promise.all(Array.from({ length: 4 }, async () => (await world.person()).userId));
    const secrets = [await secretOf(usedUp!), await secretOf(expired!), await secretOf(replaced!), await secretOf(disabled!), 'unknown'];
    await must(world.anonymous.mutate('setPassword', { secret: secrets[0], password: PASSWORD }, 'accessToken'));
    test.clock.advance(24 * 60 * 60 * 1000);
    await secretOf(replaced!);
    await must(world.root.mutate('disableUser', { userId: disabled }, 'user { id }'));
    const answers = new Set<string>();
    for (const secret of secrets) {
      const { status, text } = await world.anonymous.mutate('setPassword', { secret, password: PASSWORD }, 'accessToken');
      answers.add(`${status} ${text}`);
    }
    expect([...answers]).toEqual([expect.stringMatching(/^401 .*The secret is unknown, used up or expired/)]);
  });

  it('of a password is no credential, nor does it accept an invitation or make an owner', async () => {
    const { userId } = await world.person();
    const { data } = await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
    const { secret } = data!['resetPassword']!;
    expect(await world.anonymous.as(secret).codes('{ viewer { user { id } } }')).toEqual(['UNAUTHENTICATED']);
    const accept = await world.anonymous.mutate('acceptInvitation', { secret }, 'revision');
    const bootstrap = await world.anonymous.mutate('bootstrap', { secret, name: 'Mallory', email: 'mallory@people.example', password: PASSWORD }, 'accessToken');
    expect([...accept.errors, ...bootstrap.errors].map((error) => error.extensions.code)).toEqual(['NOT_FOUND', 'UNAUTHENTICATED']);
    await must(world.anonymous.mutate('setPassword', { secret, password: PASSWORD }, 'accessToken'));
  });
});
