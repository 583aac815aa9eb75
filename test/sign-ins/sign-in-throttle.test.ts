import { PasswordHasher } from '../../src/access/password.js';
import { AppError } from '../../src/errors.js';
import { SignInAttemptStore } from '../../src/features/sign-ins/sign-in-attempts.store.js';
import { Installation, query } from '../start/nodes.js';
import { DATABASE_KINDS } from '../support/databases.js';
import type { Client, GraphqlAnswer } from '../support/client.js';
import { type GatewayForTests, gatewayForTests } from '../support/gateway.js';
import { must, World } from '../support/world.js';

const { jest } = import.meta;
const PASSWORD = 'correct horse battery staple';
const WINDOW_SECONDS = 15 * 60;
const PER_ACCOUNT = 10;
const PER_ADDRESS = 100;

let test: GatewayForTests;
const others: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  test = await gatewayForTests();
});
afterAll(() => test.close());
beforeEach(() => query(test, 'DELETE FROM sign_in_attempts'));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(others.splice(0).map((one) => one.close()));
});

async function installation(): Promise<Installation> {
  const site = await Installation.make();
  others.push({ close: () => site.end() });
  return site;
}

/** Hashing takes longer than all the rest: here only the one password is right, and nothing is hashed. */
function withoutHashing(): jest.SpiedFunction<PasswordHasher['verify']> {
  jest.spyOn(PasswordHasher.prototype, 'hash').mockImplementation((password) => Promise.resolve(`hash of ${password}`));
  const verify = jest.spyOn(PasswordHasher.prototype, 'verify');
  return verify.mockImplementation((hash, password) => Promise.resolve(hash === `hash of ${password}`));
}

/** Somebody with the password; their e-mail address. */
async function account(site: GatewayForTests): Promise<string> {
  const world = new World(site);
  const { userId } = await world.person();
  const reset = await must(world.root.mutate<{ secret: string }>('resetPassword', { userId }, 'secret'));
  await must(world.anonymous.mutate('setPassword', { secret: reset.data!['resetPassword']!.secret, password: PASSWORD }, 'accessToken'));
  return `${userId}@people.example`;
}

const signIn = (client: Client, email: string, password: string) => client.mutate('signIn', { email, password }, 'accessToken');

/** What came of it: `in`, or the code of the refusal. */
const outcome = ({ errors }: GraphqlAnswer<unknown>): string => errors[0]?.extensions.code ?? 'in';

/** As though from another address, past HTTP. */
async function signInFrom(site: GatewayForTests, address: string | null, email: string, password: string): Promise<string> {
  try {
    await site.gateway.parts.signIns.signIn(email, password, address);
    return 'in';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

async function failFrom(site: GatewayForTests, address: string, times: number, email?: string): Promise<void> {
  for (let i = 0; i < times; i++) {
    expect(await signInFrom(site, address, email ?? `${i}@${address}.example`, 'wrong')).toBe('UNAUTHENTICATED');
  }
}

async function attemptsKept(site: GatewayForTests): Promise<number[]> {
  const rows = await query<{ attempts: number }>(site, 'SELECT attempts FROM sign_in_attempts ORDER BY attempts DESC');
  return rows.map(({ attempts }) => attempts);
}

describe.each(DATABASE_KINDS)('an account on %s', (kind) => {
  it('is refused after ten failures, the right password too, until the window ends', async () => {
    const site = await gatewayForTests({ kind });
    others.push(site);
    const verify = withoutHashing();
    const [email, client] = [await account(site), new World(site).anonymous];
    const outcomes: string[] = [];
    for (let i = 0; i < PER_ACCOUNT; i++) outcomes.push(outcome(await signIn(client, email, 'wrong')));
    expect(new Set(outcomes)).toEqual(new Set(['UNAUTHENTICATED']));

    verify.mockClear();
    site.clock.advance(60_000);
    const refused = await signIn(client, email, PASSWORD);
    expect(refused.status).toBe(429);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: WINDOW_SECONDS - 60 } }]);
    site.clock.advance((WINDOW_SECONDS - 60) * 1000 - 1);
    expect((await signIn(client, email, PASSWORD)).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } }]);
    expect(verify).not.toHaveBeenCalled();
    site.clock.advance(1);
    expect(outcome(await signIn(client, email, PASSWORD))).toBe('in');
  });
});

describe('an account', () => {
  it('that does not exist, is disabled or has no password is refused in the same words as any other', async () => {
    withoutHashing();
    const world = new World(test);
    const [known, disabled, { userId: withoutPassword }] = [await account(test), await account(test), await world.person()];
    await must(world.root.mutate('disableUser', { userId: disabled.split('@')[0] }, 'user { id }'));
    const answersTo = async (email: string): Promise<string[]> => {
      const answers: string[] = [];
      for (let i = 0; i < PER_ACCOUNT + 2; i++) {
        const { status, text } = await signIn(world.anonymous, email, 'wrong');
        answers.push(`${status} ${text}`);
      }
      return answers;
    };
    const expected = await answersTo(known);
    expect(expected.map((answer) => answer.slice(0, 3))).toEqual([...Array.from({ length: PER_ACCOUNT }, () => '401'), '429', '429']);
    for (const email of ['nobody@people.example', disabled, `${withoutPassword}@people.example`, 'no address', '']) {
      expect([email, await answersTo(email)]).toEqual([email, expected]);
    }
  });

  it('is one account however its address is written', async () => {
    withoutHashing();
    const email = await account(test);
    for (let i = 0; i < PER_ACCOUNT; i++) await signInFrom(test, '203.0.113.7', i % 2 === 0 ? email.toUpperCase() : email, 'wrong');
    expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('RATE_LIMITED');
  });

  it('begins anew with each success', async () => {
    withoutHashing();
    const email = await account(test);
    for (let round = 0; round < 3; round++) {
      await failFrom(test, '203.0.113.7', PER_ACCOUNT - 1, email);
      expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('in');
    }
  });

  it('that is refused is refused from everywhere, and others are not', async () => {
    withoutHashing();
    const [attacked, other] = [await account(test), await account(test)];
    await failFrom(test, '203.0.113.7', PER_ACCOUNT, attacked);
    expect(await signInFrom(test, '198.51.100.1', attacked, PASSWORD)).toBe('RATE_LIMITED');
    expect(await signInFrom(test, '198.51.100.1', other, PASSWORD)).toBe('in');
    expect(await signInFrom(test, '203.0.113.7', other, PASSWORD)).toBe('in');
  });

  it('counts each alias of one request', async () => {
    withoutHashing();
    const email = await account(test);
    const guess = (i: number) => `a${i}: signIn(input: { email: "${email}", password: "guess ${i}" }) { accessToken }`;
    const document = `mutation { ${[0, 1, 2, 3, 4, 5].map(guess).join(' ')} }`;
    const codes = [...(await new World(test).anonymous.codes(document)), ...(await new World(test).anonymous.codes(document))];
    expect(codes).toEqual([...Array.from({ length: PER_ACCOUNT }, () => 'UNAUTHENTICATED'), 'RATE_LIMITED', 'RATE_LIMITED']);
  });

  it('of which nobody can tell how often it was tried is not signed in to', async () => {
    withoutHashing();
    const email = await account(test);
    jest.spyOn(SignInAttemptStore.prototype, 'count').mockRejectedValue(new Error('Connection terminated'));
    const refused = await signIn(new World(test).anonymous, email, PASSWORD);
    expect([refused.status, outcome(refused)]).toEqual([503, 'UNAVAILABLE']);
  });
});

describe('an address', () => {
  it('is refused after a hundred failures, whichever accounts they were for, and other addresses are not', async () => {
    withoutHashing();
    const email = await account(test);
    await failFrom(test, '203.0.113.7', PER_ADDRESS);
    expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('RATE_LIMITED');
    expect(await signInFrom(test, '203.0.113.8', email, PASSWORD)).toBe('in');
    test.clock.advance(WINDOW_SECONDS * 1000);
    expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('in');
  });

  it('keeps its failures through successes, and counts no success', async () => {
    withoutHashing();
    const email = await account(test);
    await failFrom(test, '203.0.113.7', PER_ADDRESS - 1);
    for (let i = 0; i < 5; i++) expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('in');
    await failFrom(test, '203.0.113.7', 1);
    expect(await signInFrom(test, '203.0.113.7', email, PASSWORD)).toBe('RATE_LIMITED');
  });

  it('of IPv6 stands for its whole network', async () => {
    withoutHashing();
    const email = await account(test);
    for (let i = 0; i < PER_ADDRESS; i++) await signInFrom(test, `2001:db8:1:2::${i.toString(16)}`, `${i}@people.example`, 'wrong');
    expect(await signInFrom(test, '2001:db8:1:2:ffff::1', email, PASSWORD)).toBe('RATE_LIMITED');
    expect(await signInFrom(test, '2001:db8:1:3::1', email, PASSWORD)).toBe('in');
  });

  it("is the peer's, whatever a header says", async () => {
    withoutHashing();
    const { anonymous } = new World(test);
    await failFrom(test, '127.0.0.1', PER_ADDRESS);
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', forwarded: 'for=203.0.113.7' };
    const document = 'mutation { signIn(input: { email: "a@people.example", password: "wrong" }) { accessToken } }';
    expect(outcome(await anonymous.send(document, {}, headers))).toBe('RATE_LIMITED');
  });

  it('that is over its limit makes the table no longer by the accounts that it makes up', async () => {
    withoutHashing();
    await failFrom(test, '203.0.113.7', PER_ADDRESS);
    const kept = (await attemptsKept(test)).length;
    for (let i = 0; i < 20; i++) expect(await signInFrom(test, '203.0.113.7', `made-up-${i}@people.example`, 'wrong')).toBe('RATE_LIMITED');
    expect((await attemptsKept(test)).length).toBe(kept);
  });

  it('that is gone before it was read counts like one', async () => {
    withoutHashing();
    for (let i = 0; i < PER_ADDRESS; i++) await signInFrom(test, null, `${i}@people.example`, 'wrong');
    expect(await signInFrom(test, null, 'another@people.example', 'wrong')).toBe('RATE_LIMITED');
  });

  it('and an account are told to the operator once a window, and no e-mail address with them', async () => {
    withoutHashing();
    const before = test.logged.length;
    for (let i = 0; i < PER_ACCOUNT + 5; i++) await signInFrom(test, '203.0.113.7', 'typed-here@people.example', 'wrong');
    for (let i = 0; i < PER_ADDRESS; i++) await signInFrom(test, '203.0.113.7', `${i}@people.example`, 'wrong');
    const told = test.logged.slice(before).filter((line) => line.includes('Too many attempts'));
    expect(told.map((line) => (JSON.parse(line) as { msg: string; address: string })).map(({ msg, address }) => `${address} ${msg}`)).toEqual([
      '203.0.113.7 Too many attempts to sign in to one account: further ones are refused for a while.',
      '203.0.113.7 Too many attempts to sign in from one address: further ones are refused for a while.',
    ]);
    expect(told.join()).not.toContain('people.example');
  });
});

describe('a one-time secret', () => {
  const GUESSES = {
    setPassword: { secret: 'guessed', password: 'long enough' },
    bootstrap: { secret: 'guessed', name: 'Mallory', email: 'mallory@people.example', password: 'long enough' },
    acceptInvitation: { secret: 'guessed', name: 'Mallory', password: 'long enough' },
  };
  const PAYLOADS: Readonly<Record<string, string>> = { acceptInvitation: 'revision' };

  it.each(Object.entries(GUESSES))('is guessed by %s no more often than an address may fail', async (mutation, input) => {
    withoutHashing();
    const { anonymous } = new World(test);
    const guess = () => anonymous.mutate(mutation, input, PAYLOADS[mutation] ?? 'accessToken');
    await failFrom(test, '127.0.0.1', PER_ADDRESS - 1);
    expect(['UNAUTHENTICATED', 'NOT_FOUND']).toContain(outcome(await guess()));
    const hash = jest.spyOn(PasswordHasher.prototype, 'hash');
    hash.mockClear();
    const refused = await guess();
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: WINDOW_SECONDS } }]);
    expect(hash).not.toHaveBeenCalled();
  });

  it('that is right counts for nothing', async () => {
    withoutHashing();
    const world = new World(test);
    const { tenantId, owner } = await world.tenant();
    await account(test);
    const invitation = { tenantId, email: 'new@people.example', role: 'viewer' };
    const invited = await must(owner.client.mutate<{ secret: string }>('inviteMember', invitation, 'secret'));
    const acceptance = { ...GUESSES.acceptInvitation, secret: invited.data!['inviteMember']!.secret };
    await must(world.anonymous.mutate('acceptInvitation', acceptance, 'revision'));
    const secret = await test.gateway.parts.bootstrap.mintSecret();
    await must(world.anonymous.mutate('bootstrap', { ...GUESSES.bootstrap, secret }, 'accessToken'));
    expect(await attemptsKept(test)).toEqual([0]);
  });
});

describe('the counts', () => {
  it('go up by one for each of twenty attempts at once, on two nodes, and ten of them are looked at', async () => {
    const site = await installation();
    const [one, other] = [await site.start(), await site.start()];
    const verify = withoutHashing();
    const email = await account(one);
    const clients = [one, other].map((each) => new World(each).anonymous);
    const answers = await Promise.all(Array.from({ length: 20 }, (_each, i) => signIn(clients[i % 2]!, email, 'wrong')));
    const limited = Array.from({ length: 20 - PER_ACCOUNT }, () => 'RATE_LIMITED');
    expect(answers.map(outcome).toSorted()).toEqual([...limited, ...Array.from({ length: PER_ACCOUNT }, () => 'UNAUTHENTICATED')]);
    expect(verify).toHaveBeenCalledTimes(PER_ACCOUNT);
    expect(await attemptsKept(one)).toEqual([20, 20]);
    for (const client of clients) expect(outcome(await signIn(client, email, PASSWORD))).toBe('RATE_LIMITED');
  });

  it('survive a restart', async () => {
    const site = await installation();
    const before = await site.start();
    withoutHashing();
    const email = await account(before);
    await failFrom(before, '203.0.113.7', PER_ACCOUNT, email);
    const after = await site.restart();
    expect(await signInFrom(after, '203.0.113.7', email, PASSWORD)).toBe('RATE_LIMITED');
  });

  it('are removed once they have ended, while those that still count stay', async () => {
    withoutHashing();
    await failFrom(test, '203.0.113.7', 30);
    test.clock.advance(WINDOW_SECONDS * 1000 - 1);
    await failFrom(test, '203.0.113.8', 1, 'late@people.example');
    expect((await attemptsKept(test)).length).toBe(33);
    test.clock.advance(1);
    // Each of these opens windows of its own, and sweeps a few of the old ones behind it.
    for (let i = 0; i < 3; i++) await failFrom(test, `198.51.100.${i}`, 1, `new-${i}@people.example`);
    const left = async () => (await attemptsKept(test)).length;
    while ((await left()) > 8) await new Promise((resolve) => setImmediate(resolve));
    expect(await left()).toBe(8);
    expect(await query(test, 'SELECT FROM sign_in_attempts WHERE ends_at <= $1', [new Date(test.clock.now())])).toEqual([]);
  });
});
