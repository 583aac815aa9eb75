import type { Client } from '../support/client.js';
import { gatewayForTests, type GatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';
import { platformLog } from './platform-trail.js';

let test: GatewayForTests;
let world: World;
beforeAll(async () => {
  test = await gatewayForTests();
  world = new World(test);
});
afterAll(() => test.close());

const HOUR = 60 * 60 * 1000;
const PASSWORD = 'correct horse battery staple';
const SELECT = 'accessToken expiresAt user { id email accountRole status }';
interface SignedIn {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: object;
}

const WRONG = { message: 'The e-mail address or the password is wrong.', extensions: { code: 'UNAUTHENTICATED' } };
const USED_UP = {
  message: 'The secret is unknown, used up or expired: ask for a new one.',
  extensions: { code: 'UNAUTHENTICATED' },
};

const signIn = (email: string, password: string) => world.anonymous.mutate<SignedIn>('signIn', { email, password }, SELECT);
const setPassword = (secret: string, password = PASSWORD) =>
  world.anonymous.mutate<SignedIn>('setPassword', { secret, password }, SELECT);
const whoIs = async (client: Client) =>
  (await client.ask<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }')).viewer.user.id;

async function resetPassword(userId: string): Promise<string> {
  const { data } = await must(
    world.root.mutate<{ secret: string; expiresAt: string }>('resetPassword', { userId }, 'secret expiresAt'),
  );
  const { secret, expiresAt } = data!['resetPassword']!;
  expect(expiresAt).toBe(new Date(test.clock.now() + 24 * HOUR).toISOString());
  return secret;
}

async function withPassword(): Promise<{ userId: string; email: string }> {
  const { userId } = await world.person();
  await must(setPassword(await resetPassword(userId)));
  return { userId, email: `${userId}@people.example` };
}

describe('signIn', () => {
  it('gives a token that is its user for eight hours, and leaves no event', async () => {
    const { userId, email } = await withPassword();
    const before = await platformLog(test);
    const { data } = await must(signIn(email, PASSWORD));
    const { accessToken, expiresAt, user } = data!['signIn']!;
    expect(user).toEqual({ id: userId, email, accountRole: 'MEMBER', status: 'ACTIVE' });
    expect(expiresAt).toBe(new Date(test.clock.now() + 8 * HOUR).toISOString());
    const client = world.anonymous.as(accessToken);
    expect(await whoIs(client)).toBe(userId);
    test.clock.advance(8 * HOUR - 1);
    expect(await whoIs(client)).toBe(userId);
    test.clock.advance(1);
    expect((await client.send('{ viewer { user { id } } }')).status).toBe(401);
    expect(await platformLog(test)).toEqual(before);
  });

  it('takes the address whatever its case, and the password as it is alone', async () => {
    const { email } = await withPassword();
    expect((await signIn(email.toUpperCase(), PASSWORD)).errors).toEqual([]);
    for (const password of [PASSWORD.toUpperCase(), ` ${PASSWORD}`, `${PASSWORD} `, '', PASSWORD.slice(0, -1)]) {
      expect((await signIn(email, password)).errors).toMatchObject([WRONG]);
    }
  });

  const strangers: readonly (readonly [string, () => Promise<string>])[] = [
    ['nobody has the address', async () => 'nobody@people.example'],
    ['the user has no password', async () => `${(await world.person()).userId}@people.example`],
    [
      'the user is disabled',
      async () => {
        const { userId, email } = await withPassword();
        await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
        return email;
      },
    ],
    ['the address is none', async () => 'nobody'],
    ['the address is empty', async () => ''],
    ['a pattern stands for the address', async () => '%@people.example'],
  ];
  it.each(strangers)('refuses in the very same words where %s', async (_name, email) => {
    const answer = await signIn(await email(), PASSWORD);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.errors).toMatchObject([WRONG]);
    expect(Object.keys(answer.errors[0]!.extensions)).toEqual(['code']);
  });
});

describe('setPassword', () => {
  it('uses its secret up, ends older sign-ins, begins a new one, and leaves one event in the platform chain', async () => {
    const { userId, email } = await withPassword();
    const { data } = await must(signIn(email, PASSWORD));
    const older = world.anonymous.as(data!['signIn']!.accessToken);
    const secret = await resetPassword(userId);
    expect((await older.send('{ viewer { user { id } } }')).status).toBe(401);
    const before = await platformLog(test);

    const set = await must(setPassword(secret, 'a whole new password'));
    expect(await whoIs(world.anonymous.as(set.data!['setPassword']!.accessToken))).toBe(userId);
    const after = await platformLog(test);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toMatchObject({ actor: userId, action: 'password.set', target: userId });
    expect((await setPassword(secret)).errors).toMatchObject([USED_UP]);
    expect((await signIn(email, PASSWORD)).errors).toMatchObject([WRONG]);
    expect((await signIn(email, 'a whole new password')).errors).toEqual([]);
  });

  it('refuses a password that is too short or too long, and leaves the secret good', async () => {
    const { userId } = await world.person();
    const secret = await resetPassword(userId);
    for (const password of ['', 'short', 'x'.repeat(129)]) {
      expect((await setPassword(secret, password)).errors.map((error) => error.extensions)).toEqual([
        { code: 'BAD_USER_INPUT', field: 'password' },
      ]);
    }
    expect((await setPassword(secret)).errors).toEqual([]);
  });

  it('refuses a secret at the very moment at which it ends', async () => {
    const [one, other] = [await world.person(), await world.person()];
    const secrets = [await resetPassword(one.userId), await resetPassword(other.userId)];
    test.clock.advance(24 * HOUR - 1);
    expect((await setPassword(secrets[0]!)).errors).toEqual([]);
    test.clock.advance(1);
    expect((await setPassword(secrets[1]!)).errors).toMatchObject([USED_UP]);
  });

  it('refuses a secret once a newer one was made, or its user was disabled', async () => {
    const { userId } = await world.person();
    const older = await resetPassword(userId);
    const newer = await resetPassword(userId);
    expect((await setPassword(older)).errors).toMatchObject([USED_UP]);
    await must(world.root.mutate('disableUser', { userId }, 'user { id }'));
    expect((await setPassword(newer)).errors).toMatchObject([USED_UP]);
  });

  it('lets one of two who present the secret at once in', async () => {
    const { userId } = await world.person();
    const secret = await resetPassword(userId);
    const answers = await Promise.all([setPassword(secret, 'the first password'), setPassword(secret, 'the second password')]);
    expect(answers.map(({ errors }) => errors.length).toSorted()).toEqual([0, 1]);
    expect(answers.find(({ errors }) => errors.length > 0)!.errors).toMatchObject([USED_UP]);
  });

  it.each(['', ' ', 'nothing', 'x'.repeat(10_000), "' OR 1=1 --"])('refuses the made-up secret %j', async (secret) => {
    const answer = await setPassword(secret);
    expect([answer.status, answer.errors]).toMatchObject([401, [USED_UP]]);
  });
});
