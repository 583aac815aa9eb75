import { mintApiKey } from '../../src/access/api-key-secret.js';
import { Authenticator } from '../../src/access/authenticator.js';
import type { CallerKey, CallerSignIn } from '../../src/access/caller-directory.js';
import { OidcTokens } from '../../src/access/oidc-tokens.js';
import { ROOT_KEY } from '../../src/access/principal.js';
import { flipBit } from './forge.js';
import { jwk, NOW } from './test-issuer.js';
import { TestDirectory } from './test-directory.js';
import { TokenWorld } from './token-world.js';

const rootKey = 'a-root-key-of-some-length';
const refusal = {
  code: 'UNAUTHENTICATED',
  message: 'This token or API key does not count, or no longer: sign in again, or use another key.',
};

let world: TokenWorld;
let directory: TestDirectory;
let authenticator: Authenticator;
beforeAll(async () => {
  world = await TokenWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => {
  directory = new TestDirectory();
  world.clock.time = NOW * 1000;
  authenticator = authenticatorWith({});
});

function authenticatorWith(changes: Partial<ConstructorParameters<typeof Authenticator>[0]>): Authenticator {
  const { localTokens, clock } = world;
  const oidcTokens = new OidcTokens(world.issuer.config, clock, { maxAgeMs: 0, retryMs: 0 });
  return new Authenticator({ rootKey, localTokens, oidcTokens, directory, clock, ...changes });
}

it('knows nobody without a credential, whatever state storage is in', async () => {
  directory.fault = new Error('down');
  expect(await authenticator.authenticate(null)).toBeNull();
});

describe('the root key', () => {
  it('is a platform key with all capabilities, whatever state storage is in', async () => {
    directory.fault = new Error('down');
    expect(await authenticator.authenticate(rootKey)).toBe(ROOT_KEY);
  });

  it('may look like an API key', async () => {
    expect(await authenticatorWith({ rootKey: 'gh_root' }).authenticate('gh_root')).toBe(ROOT_KEY);
  });

  it('is refused cut, extended, and with any one character changed', async () => {
    const offsets = Array.from(rootKey, (_, offset) => offset);
    const changed = [...offsets.map((at) => flipBit(rootKey, at)), ...offsets.map((at) => rootKey.slice(0, at)), `${rootKey}-`];
    for (const credential of changed) await expect(authenticator.authenticate(credential)).rejects.toMatchObject(refusal);
  });

  it.each(['', 'null', 'undefined', rootKey])('does not exist where none is configured: "%s"', async (credential) => {
    await expect(authenticatorWith({ rootKey: null }).authenticate(credential)).rejects.toMatchObject(refusal);
  });
});

describe('an API key', () => {
  const minted = mintApiKey();
  const later = (NOW + 60) * 1000;

  function store(changes: Partial<CallerKey> = {}): void {
    const { id, hash } = minted;
    const row: CallerKey = { id, tenantId: 'acme', hash, capabilities: ['decision.read'], boundTo: 'ada', expiresAt: later, revokedAt: null };
    directory.apiKeys.set(id, { ...row, ...changes });
  }

  it('is its tenant and its capabilities', async () => {
    store();
    expect(await authenticator.authenticate(minted.token)).toEqual({
      kind: 'key',
      keyId: minted.id,
      tenantId: 'acme',
      capabilities: new Set(['decision.read']),
      boundTo: 'ada',
    });
  });

  it('of the platform has no tenant, and without an expiry never ends', async () => {
    store({ tenantId: null, expiresAt: null });
    world.clock.time *= 2;
    expect(await authenticator.authenticate(minted.token)).toMatchObject({ tenantId: null });
  });

  it('counts until the very millisecond of its expiry and not at it', async () => {
    store();
    world.clock.time = later - 1;
    expect(await authenticator.authenticate(minted.token)).toMatchObject({ kind: 'key' });
    world.clock.time = later;
    await expect(authenticator.authenticate(minted.token)).rejects.toMatchObject(refusal);
  });

  it('that was revoked is refused at the next request', async () => {
    store();
    await authenticator.authenticate(minted.token);
    store({ revokedAt: NOW * 1000 });
    await expect(authenticator.authenticate(minted.token)).rejects.toMatchObject(refusal);
  });

  it('that nobody stored is refused', async () => {
    await expect(authenticator.authenticate(minted.token)).rejects.toMatchObject(refusal);
  });

  it('with the secret of another key is refused', async () => {
    store({ hash: mintApiKey().hash });
    await expect(authenticator.authenticate(minted.token)).rejects.toMatchObject(refusal);
  });

  it('is refused cut at any offset, extended, and with any one character changed', async () => {
    store();
    const offsets = Array.from(minted.token, (_, offset) => offset);
    const changed = [
      ...offsets.map((offset) => flipBit(minted.token, offset)),
      ...offsets.map((offset) => minted.token.slice(0, offset)),
      ...[...'0a_.='].map((character) => minted.token + character),
    ];
    for (const credential of changed) await expect(authenticator.authenticate(credential)).rejects.toMatchObject(refusal);
  });
});

describe('a local sign-in', () => {
  const row: CallerSignIn = { userId: 'ada', expiresAt: (NOW + 60) * 1000, endedAt: null };
  let token: string;
  beforeEach(async () => {
    directory.users.set('ada', { userId: 'ada', accountRole: 'ADMIN', status: 'ACTIVE' });
    directory.signIns.set('s1', row);
    token = await world.localTokens.issue({ userId: 'ada', signInId: 's1', expiresAt: row.expiresAt });
  });

  it('is its user, with the account role of this moment', async () => {
    const ada = { kind: 'user', userId: 'ada', accountRole: 'ADMIN', signInId: 's1' };
    expect(await authenticator.authenticate(token)).toEqual(ada);
    directory.users.set('ada', { userId: 'ada', accountRole: 'VIEWER', status: 'ACTIVE' });
    expect(await authenticator.authenticate(token)).toMatchObject({ accountRole: 'VIEWER' });
  });

  it.each<[string, (d: TestDirectory) => void]>([
    ['was ended', (d) => d.signIns.set('s1', { ...row, endedAt: NOW * 1000 })],
    ['was shortened to this very millisecond', (d) => d.signIns.set('s1', { ...row, expiresAt: NOW * 1000 })],
    ['nobody knows', (d) => d.signIns.delete('s1')],
    ['belongs to another user', (d) => d.signIns.set('s1', { ...row, userId: 'bob' })],
    ['belongs to a disabled user', (d) => d.users.set('ada', { userId: 'ada', accountRole: 'OWNER', status: 'DISABLED' })],
    ['belongs to a user who is gone', (d) => d.users.delete('ada')],
  ])('that %s is refused at the next request, though its signature is remembered', async (_, change) => {
    await authenticator.authenticate(token);
    change(directory);
    await expect(authenticator.authenticate(token)).rejects.toMatchObject(refusal);
  });

  it('is not remembered past its end', async () => {
    const expiresAt = row.expiresAt - 30_000;
    const shorter = await world.localTokens.issue({ userId: 'ada', signInId: 's1', expiresAt });
    world.clock.time = expiresAt - 1;
    await authenticator.authenticate(shorter);
    world.clock.time = expiresAt;
    await expect(authenticator.authenticate(shorter)).rejects.toMatchObject(refusal);
  });
});

describe('a token of the issuer', () => {
  it('whose user has no row yet is a user without an account role', async () => {
    expect(await authenticator.authenticate(world.token({ sub: 'new' }))).toEqual({
      kind: 'user',
      userId: 'new',
      accountRole: null,
      signInId: null,
    });
  });

  it('whose user is disabled is refused', async () => {
    directory.users.set('ada', { userId: 'ada', accountRole: 'OWNER', status: 'DISABLED' });
    await expect(authenticator.authenticate(world.token())).rejects.toMatchObject(refusal);
  });

  it('is refused where no issuer is configured', async () => {
    await expect(authenticatorWith({ oidcTokens: null }).authenticate(world.token())).rejects.toMatchObject(refusal);
  });

  it('of another issuer is refused without asking ours for its keys', async () => {
    const asked = world.issuer.requests;
    await expect(authenticator.authenticate(world.token({ iss: 'https://evil.test' }))).rejects.toMatchObject(refusal);
    expect(world.issuer.requests).toBe(asked);
  });

  it('has its signature checked once a minute, and no longer counts then if its key was withdrawn', async () => {
    const token = world.token();
    await authenticator.authenticate(token);
    const keys = world.issuer.keys;
    world.issuer.keys = [jwk(world.attacker, 'other')];
    const asked = world.issuer.requests;
    world.clock.time += 59_999;
    expect(await authenticator.authenticate(token)).toMatchObject({ userId: 'ada' });
    expect(world.issuer.requests).toBe(asked);
    world.clock.time += 1;
    await expect(authenticator.authenticate(token)).rejects.toMatchObject(refusal);
    world.issuer.keys = keys;
  });

  it('does not lend what it proved to another token with the same signature', async () => {
    const token = world.token();
    await authenticator.authenticate(token);
    const [header, , signature] = token.split('.');
    const payload = Buffer.from(JSON.stringify(world.claims({ sub: 'bob' }))).toString('base64url');
    await expect(authenticator.authenticate(`${header}.${payload}.${signature}`)).rejects.toMatchObject(refusal);
  });
});

describe('a fault of storage is an error and no answer', () => {
  const { token: apiKey } = mintApiKey();
  it.each<[string, () => string | Promise<string>]>([
    ['an API key', () => apiKey],
    ['a token of the issuer', () => world.token()],
    ['a local sign-in', () => world.localTokens.issue({ userId: 'ada', signInId: 's1', expiresAt: (NOW + 60) * 1000 })],
  ])('for %s', async (_, credential) => {
    directory.fault = new Error('no connection');
    await expect(authenticator.authenticate(await credential())).rejects.toBe(directory.fault);
  });
});
