import { Client } from '../support/client.js';
import { must } from '../support/world.js';
import type { Standing } from './last-allow.js';
import { type Place, PLACES, type Site } from './site.js';

const WHO_AM_I = '{ viewer { user { id } } }';
const MATRIX = '{ roleMatrix(key: "fastn") { key } }';

/** Callers who are to be refused, each made for it: a user who is disabled, a key that is revoked, a sign-in that is ended. */
export const CALLERS: readonly ((site: Site, at: Place) => Promise<Standing>)[] = [
  async (site, at) => {
    const { userId, token } = await signedIn(site, at);
    return { kind: 'caller disabled', isAllowed: lets(site, WHO_AM_I, token), revoke: () => must(site.root(at).mutate('disableUser', { userId }, 'user { id }')) };
  },
  async (site, at) => {
    const { userId, token } = await signedIn(site, at);
    return { kind: 'sign-in ended', isAllowed: lets(site, WHO_AM_I, token), revoke: () => must(site.root(at).mutate('resetPassword', { userId }, 'secret')) };
  },
  async (site, at) => {
    const input = { tenantId: null, name: 'A key', capabilities: ['decision.read'] };
    const { data } = await must(site.root(at).mutate<{ secret: string; apiKey: { id: string } }>('createApiKey', input, 'secret apiKey { id }'));
    const { secret, apiKey } = data!['createApiKey']!;
    return { kind: 'key revoked', isAllowed: lets(site, MATRIX, secret), revoke: () => must(site.root(at).mutate('revokeApiKey', { id: apiKey.id }, 'apiKey { id }')) };
  },
];

async function signedIn(site: Site, at: Place): Promise<{ userId: string; token: string }> {
  const world = site.world(at);
  const userId = world.unique('caller');
  await must(world.root.mutate('createUser', { id: userId, name: 'A caller', email: `${userId}@people.example`, accountRole: 'MEMBER' }, 'user { id }'));
  return { userId, token: await world.signIn(userId) };
}

/** Whether a node answers to the credential at all. */
function lets(site: Site, query: string, credential: string): Standing['isAllowed'] {
  const clients = PLACES.map((place) => new Client(site.nodes[place]!.url, credential));
  return async (place) => {
    const codes = await clients[place]!.codes(query);
    if (codes.some((code) => code !== 'UNAUTHENTICATED')) throw new Error(`the gateway answered ${codes.join()}`);
    return codes.length === 0;
  };
}
