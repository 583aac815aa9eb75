import { PLATFORM_CAPABILITIES, WORKSPACE_CAPABILITIES } from '../../src/domain/capability.js';
import {
  actorOf, passesForAnother, principalKindOf, ROOT_KEY, type KeyPrincipal, type UserPrincipal,
} from '../../src/access/principal.js';

const user: UserPrincipal = { kind: 'user', userId: 'ada', accountRole: null, signInId: null };
const key: KeyPrincipal = { kind: 'key', keyId: 'k1', tenantId: 'acme', capabilities: new Set(), boundTo: null };

it('names a user by id and a key by key:<id>', () => {
  expect([user, key, ROOT_KEY].map(actorOf)).toEqual(['ada', 'key:k1', 'key:root']);
});

it('knows a user id that would pass for a key or the gateway itself', () => {
  const others = ['key:k1', 'key:', 'gatehouse', 'bootstrap', 'one-time-secret'];
  const people = ['key', 'monkey:k1', 'Gatehouse', 'gatehouse-2', 'ada'];
  expect([...others, ...people].filter(passesForAnother)).toEqual(others);
});

it('tells from a name in the audit log who stood behind it', () => {
  expect([user, key, ROOT_KEY].map((principal) => principalKindOf(actorOf(principal)))).toEqual([
    { kind: 'user', id: 'ada' },
    { kind: 'key', id: 'k1' },
    { kind: 'key', id: 'root' },
  ]);
});

it('gives the root key every capability, in no tenant', () => {
  expect(ROOT_KEY.tenantId).toBeNull();
  expect(ROOT_KEY.capabilities).toEqual(new Set([...WORKSPACE_CAPABILITIES, ...PLATFORM_CAPABILITIES]));
});
