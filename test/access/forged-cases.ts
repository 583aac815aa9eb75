import { ed25519, es, forge, hs, hs256, ps256, rs256, unsigned } from './forge.js';
import { AUDIENCE, jwk, NOW } from './test-issuer.js';
import type { TokenWorld } from './token-world.js';

/** What the token is like, and how to make it. */
export type Case = [name: string, token: (world: TokenWorld) => string];

const named = (what: string, cases: Case[]): Case[] => cases.map(([name, token]) => [`${what} ${name}`, token]);
const trap = (w: TokenWorld) => `${w.trap.url}/jwks`;
const byAttacker = (w: TokenWorld) => rs256(w.attacker.privateKey);
/** A token of the issuer that says one claim a second time: as RFC 7519 allows, the last of them counts. */
const again = (w: TokenWorld, claim: string) => w.rawToken(JSON.stringify(w.claims()).replace('}', `,${claim}}`));
/** A token as local sign-in would issue it: good, but for the changes. */
export const local = (w: TokenWorld, claims: object = {}, header: object = {}, signer = hs256(w.secret)) =>
  forge(
    { alg: 'HS256', typ: 'at+jwt', ...header },
    { iss: 'gatehouse', aud: 'gatehouse', sub: 'ada', jti: 's1', iat: NOW, exp: NOW + 300, ...claims },
    signer,
  );

export const good: Case[] = [
  ['RS256', (w) => w.token()],
  ['RS256 by a key that names no algorithm', (w) => w.token({}, { kid: 'bare' }, rs256(w.bareRsa.privateKey))],
  ['PS256', (w) => w.token({}, { alg: 'PS256', kid: 'bare' }, ps256(w.bareRsa.privateKey))],
  ['ES256', (w) => w.token({}, { alg: 'ES256', kid: 'p256' }, es('sha256', w.p256.privateKey))],
  ['ES384', (w) => w.token({}, { alg: 'ES384', kid: 'p384' }, es('sha384', w.p384.privateKey))],
  ['EdDSA', (w) => w.token({}, { alg: 'EdDSA', kid: 'ed' }, ed25519(w.ed.privateKey))],
  ['Ed25519', (w) => w.token({}, { alg: 'Ed25519', kid: 'ed' }, ed25519(w.ed.privateKey))],
  ['typ JWT', (w) => w.token({}, { typ: 'JWT' })],
  ['typ at+jwt', (w) => w.token({}, { typ: 'at+jwt' })],
  ['typ application/at+jwt', (w) => w.token({}, { typ: 'application/AT+JWT' })],
  ['ours among its audiences', (w) => w.token({ aud: ['https://sibling.test', AUDIENCE] })],
  ['a use that says access', (w) => w.token({ token_use: 'access', typ: 'Bearer' })],
  ['a jku that nobody follows', (w) => w.token({}, { jku: trap(w), x5u: trap(w), jwk: jwk(w.attacker, 'rsa') })],
  ['an end one second ago, within the tolerance', (w) => w.token({ exp: NOW - 1 })],
  ['a start in five seconds, within the tolerance', (w) => w.token({ nbf: NOW + 5 })],
  ['a local sign-in', (w) => local(w)],
  ['a local sign-in that ends in a second', (w) => local(w, { exp: NOW + 1 })],
];

export const algorithms: Case[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map(
    (alg): Case => [`alg ${alg} and no signature`, (w) => w.token({}, { alg }, unsigned)],
  ),
  ...['none', 'nOnE', 'rs256', 'Rs256', 'RS256 ', 'RS512', 'ES512', '', 'toString', '__proto__'].map(
    (alg): Case => [`alg "${alg}" over a good RS256 signature`, (w) => w.token({}, { alg })],
  ),
  ['no alg at all', (w) => w.token({}, { alg: undefined })],
  ['alg as a list', (w) => w.token({}, { alg: ['RS256'] })],
  ['HS256 signed with the public key as PEM', (w) => {
    const pem = w.rsa.publicKey.export({ type: 'spki', format: 'pem' });
    return w.token({}, { alg: 'HS256' }, hs256(pem));
  }],
  ['HS256 signed with the public key as DER', (w) => {
    const der = w.rsa.publicKey.export({ type: 'spki', format: 'der' });
    return w.token({}, { alg: 'HS256' }, hs256(der));
  }],
  ['HS256 signed with the JWK\'s text', (w) => w.token({}, { alg: 'HS256' }, hs256(JSON.stringify(w.issuer.keys[0])))],
  ['HS256 signed with the JWK\'s modulus', (w) => {
    const { n } = w.rsa.publicKey.export({ format: 'jwk' });
    return w.token({}, { alg: 'HS256' }, hs256(Buffer.from(n!, 'base64url')));
  }],
  ['HS256 by a JWK that names no algorithm', (w) => {
    const pem = w.bareRsa.publicKey.export({ type: 'spki', format: 'pem' });
    return w.token({}, { alg: 'HS256', kid: 'bare' }, hs256(pem));
  }],
  ['HS256 signed with the empty secret', (w) => w.token({}, { alg: 'HS256' }, hs256(''))],
  ['PS256 by a JWK of RS256', (w) => w.token({}, { alg: 'PS256' }, ps256(w.rsa.privateKey))],
  ['RS384 by a JWK that names no algorithm', (w) => w.token({}, { alg: 'RS384', kid: 'bare' }, rs256(w.bareRsa.privateKey))],
  ['ES256 naming the key of ES384', (w) => w.token({}, { alg: 'ES256', kid: 'p384' }, es('sha256', w.p384.privateKey))],
  ['an RSA key of 1024 bits', (w) => w.token({}, { kid: 'weak' }, rs256(w.weakRsa.privateKey))],
  ['an ECDSA signature of zeros', (w) => w.token({}, { alg: 'ES256', kid: 'p256' }, () => Buffer.alloc(64))],
  ['an unencoded payload', (w) => w.token({}, { b64: false, crit: ['b64'] })],
  ['a critical extension that says nothing', (w) => w.token({}, { b64: true, crit: ['b64'] })],
  ['a critical extension that nobody knows', (w) => w.token({}, { crit: ['http://example.test'], 'http://example.test': 1 })],
  ['an empty list of critical extensions', (w) => w.token({}, { crit: [] })],
  ['alg twice, the last of them none', (w) => {
    const header = '{"alg":"RS256","kid":"rsa","alg":"none"}';
    return forge(header, w.claims(), rs256(w.rsa.privateKey));
  }],
  ['a header that is a list', (w) => forge('["RS256"]', w.claims(), rs256(w.rsa.privateKey))],
];

export const kids: Case[] = [
  ...[
    '../../dev/null', '/dev/null', "' OR '1'='1", "x' UNION SELECT 'secret'--", 'RSA', 'rsa ', 'rsa\0', '', '__proto__',
    'constructor', '| id', 'http://127.0.0.1/', 'k'.repeat(4096), 'k'.repeat(1_048_576),
  ].map((kid): Case => {
    const name = `kid ${kid.slice(0, 24)} (${kid.length} characters), signed by an attacker`;
    return [name, (w) => w.token({}, { kid }, byAttacker(w))];
  }),
  ['kid /dev/null, signed with the empty secret', (w) => w.token({}, { alg: 'HS256', kid: '/dev/null' }, hs256(''))],
  ['a kid that is a number', (w) => w.token({}, { kid: 0 })],
  ['a kid that is null', (w) => w.token({}, { kid: null })],
  ['a kid that is a list', (w) => w.token({}, { kid: ['rsa'] })],
  ['no kid, where two keys would fit', (w) => w.token({}, { kid: undefined })],
  ['the kid of another key', (w) => w.token({}, { kid: 'bare' })],
  ['an attacker\'s signature under a good kid', (w) => w.token({}, {}, byAttacker(w))],
];

export const keyHeaders = named('a key of its own by', [
  ['jku', (w) => w.token({}, { jku: trap(w) }, byAttacker(w))],
  ['jku and a kid that only the trap has', (w) => w.token({}, { jku: trap(w), kid: 'evil' }, byAttacker(w))],
  ['jku with our issuer in its user part', (w) => {
    const jku = `${w.issuer.url}@${new URL(w.trap.url).host}/jwks`;
    return w.token({}, { jku }, byAttacker(w));
  }],
  ['x5u', (w) => w.token({}, { x5u: trap(w) }, byAttacker(w))],
  ['jwk', (w) => w.token({}, { jwk: jwk(w.attacker, 'rsa') }, byAttacker(w))],
  ['jwk without a kid', (w) => {
    const own = jwk(w.attacker, 'evil', { alg: 'RS256' });
    return w.token({}, { kid: undefined, jwk: own }, byAttacker(w));
  }],
  ['x5c', (w) => {
    const der = w.attacker.publicKey.export({ type: 'spki', format: 'der' });
    return w.token({}, { x5c: [der.toString('base64')] }, byAttacker(w));
  }],
  ['jku in the claims', (w) => w.token({ jku: trap(w), jwks_uri: trap(w) }, {}, byAttacker(w))],
]);

export const claims: Case[] = [
  ['another issuer', (w) => w.token({ iss: 'https://evil.test' })],
  ['the trap as issuer', (w) => w.token({ iss: w.trap.url }, {}, byAttacker(w))],
  ['an issuer with a slash more', (w) => w.token({ iss: `${w.issuer.url}/` })],
  ['no issuer', (w) => w.token({ iss: undefined })],
  ['an issuer that is a list', (w) => w.token({ iss: [w.issuer.url] })],
  ['no audience', (w) => w.token({ aud: undefined })],
  ['an empty audience', (w) => w.token({ aud: '' })],
  ['an empty list of audiences', (w) => w.token({ aud: [] })],
  ['a sibling client\'s audience', (w) => w.token({ aud: 'https://sibling.test', azp: AUDIENCE, client_id: AUDIENCE })],
  ['audiences without ours', (w) => w.token({ aud: ['https://sibling.test', `${AUDIENCE}/`] })],
  ['our audience one list too deep', (w) => w.token({ aud: [[AUDIENCE]] })],
  ['our audience as a key', (w) => w.token({ aud: { [AUDIENCE]: true } })],
  ['the audience of local tokens', (w) => w.token({ aud: 'gatehouse' })],
  ['no exp', (w) => w.token({ exp: undefined })],
  ['exp as text', (w) => w.token({ exp: String(NOW + 300) })],
  ['exp as a fraction', (w) => w.token({ exp: NOW + 300.5 })],
  ['exp as null', (w) => w.token({ exp: null })],
  ['exp as true', (w) => w.token({ exp: true })],
  ['a negative exp', (w) => w.token({ exp: -(NOW + 300) })],
  ['exp 0', (w) => w.token({ exp: 0 })],
  ['exp 2^53', (w) => w.token({ exp: 2 ** 53 })],
  ['exp beyond any number', (w) => w.rawToken(JSON.stringify(w.claims({ exp: 0 })).replace('"exp":0', '"exp":1e999'))],
  ['an end exactly the tolerance ago', (w) => w.token({ exp: NOW - 5 })],
  ['an end an hour ago', (w) => w.token({ exp: NOW - 3600 })],
  ['exp twice, the last of them past', (w) => again(w, `"exp":${NOW - 3600}`)],
  ['aud twice, the last of them a sibling\'s', (w) => again(w, '"aud":"https://sibling.test"')],
  ['iss twice, the last of them local', (w) => again(w, '"iss":"gatehouse"')],
  ['a start six seconds from now', (w) => w.token({ nbf: NOW + 6 })],
  ['a start as text', (w) => w.token({ nbf: String(NOW) })],
  ['no sub', (w) => w.token({ sub: undefined })],
  ['an empty sub', (w) => w.token({ sub: '' })],
  ['a sub of blanks', (w) => w.token({ sub: '   ' })],
  ['a sub with a blank behind', (w) => w.token({ sub: 'ada ' })],
  ['a sub with a line feed behind', (w) => w.token({ sub: 'ada\n' })],
  ['a sub with a look-alike letter', (w) => w.token({ sub: 'аdа' })],
  ['a sub of 256 characters', (w) => w.token({ sub: 'a'.repeat(256) })],
  ['a sub that is a list', (w) => w.token({ sub: ['ada'] })],
  ['a sub that is a number', (w) => w.token({ sub: 7 })],
  ...['key:root', 'gatehouse', 'bootstrap', 'one-time-secret'].map(
    (sub): Case => [`the sub "${sub}", which is somebody else in the audit log`, (w) => w.token({ sub })],
  ),
  ['a payload that is text', (w) => w.rawToken('"ada"')],
  ['a payload that is a list', (w) => w.rawToken(`[${JSON.stringify(w.claims())}]`)],
  ['a payload that is null', (w) => w.rawToken('null')],
  ['a payload that is no JSON', (w) => w.rawToken('{iss:1}')],
  ['issuer and audience by prototype', (w) => w.rawToken(`{"__proto__":${JSON.stringify(w.claims())}}`)],
];

export const kinds: Case[] = [
  ...['id_token', 'id+jwt', 'logout+jwt', 'dpop+jwt', 'rt+jwt', 'JWE', 'application/jwt/at+jwt', ''].map(
    (typ): Case => [`typ "${typ}"`, (w) => w.token({}, { typ })],
  ),
  ['typ that is a list', (w) => w.token({}, { typ: ['at+jwt'] })],
  ['typ that is null', (w) => w.token({}, { typ: null })],
  ['token_use id', (w) => w.token({ token_use: 'id' })],
  ['typ ID among the claims', (w) => w.token({ typ: 'ID' })],
  ['typ Refresh among the claims', (w) => w.token({ typ: 'Refresh' })],
  ['the at_hash of an ID token', (w) => w.token({ at_hash: 'x' })],
  ['the c_hash of an ID token', (w) => w.token({ c_hash: 'x' })],
];

export const localTokens = named('a local token with', [
  ['another secret', (w) => local(w, {}, {}, hs256(Buffer.alloc(32)))],
  ['the empty secret', (w) => local(w, {}, {}, hs256(''))],
  ['alg none', (w) => local(w, {}, { alg: 'none' }).replace(/[^.]*$/, '')],
  ['HS512 and the right secret', (w) => local(w, {}, { alg: 'HS512' }, hs('sha512', w.secret))],
  ['our secret and another issuer', (w) => local(w, { iss: 'gatehouse.test' })],
  ['the issuer\'s RSA key', (w) => w.token({ iss: 'gatehouse', aud: 'gatehouse', jti: 's1' }, { typ: 'at+jwt' })],
  ['our secret under the issuer\'s name', (w) => local(w, { iss: w.issuer.url, aud: AUDIENCE })],
  ['the issuer\'s audience', (w) => local(w, { aud: AUDIENCE })],
  ['no audience', (w) => local(w, { aud: undefined })],
  ['no typ', (w) => local(w, {}, { typ: undefined })],
  ['typ JWT', (w) => local(w, {}, { typ: 'JWT' })],
  ['no sub', (w) => local(w, { sub: undefined })],
  ['no sign-in', (w) => local(w, { jti: undefined })],
  ['a sign-in that is a list', (w) => local(w, { jti: ['s1'] })],
  ['no iat', (w) => local(w, { iat: undefined })],
  ['no exp', (w) => local(w, { exp: undefined })],
  ['exp exactly now', (w) => local(w, { exp: NOW })],
  ['exp as a fraction', (w) => local(w, { exp: NOW + 0.5 })],
  ['exp 2^53', (w) => local(w, { exp: 2 ** 53 })],
  ['a start in a second', (w) => local(w, { nbf: NOW + 1 })],
]);

export const shapes: Case[] = [
  ['the empty string', () => ''],
  ['two dots', () => '..'],
  ['no signature', (w) => w.token().replace(/\.[^.]*$/, '.')],
  ['two parts', (w) => w.token().replace(/\.[^.]*$/, '')],
  ['four parts', (w) => `${w.token()}.AAAA`],
  ['five parts, as of an encrypted token', (w) => `${w.token()}.AAAA.AAAA`],
  ['itself twice', (w) => w.token() + w.token()],
  ['padding behind', (w) => `${w.token()}==`],
  ['a blank in front', (w) => ` ${w.token()}`],
  ['a line feed behind', (w) => `${w.token()}\n`],
  ['a blank within', (w) => w.token().replace('.', ' .')],
  ['a character more', (w) => `${w.token()}A`],
  ['the flattened JSON form', (w) => {
    const [header, payload, signature] = w.token().split('.');
    return JSON.stringify({ protected: header, payload, signature });
  }],
  // A run of question marks encodes to at least one of the two characters in which the alphabets differ.
  ['the other base64 alphabet', (w) => w.token({ run: '?'.repeat(9) }).replaceAll('-', '+').replaceAll('_', '/')],
];
