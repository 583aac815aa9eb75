import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCredential } from '../../src/access/bearer.js';

const read = (...rawHeaders: string[]) => readCredential({ rawHeaders });

describe('a credential that is read', () => {
  it.each([
    ['Authorization', 'Bearer abc.def-g_h~i+j/k=='],
    ['authorization', 'bearer abc.def-g_h~i+j/k=='],
    ['AUTHORIZATION', 'BEARER abc.def-g_h~i+j/k=='],
    ['X-API-Key', 'abc.def-g_h~i+j/k=='],
    ['x-api-key', 'abc.def-g_h~i+j/k=='],
  ])('comes from %s: %s', (name, value) => {
    expect(read('Host', 'gatehouse.test', name, value, 'Accept', '*/*')).toBe('abc.def-g_h~i+j/k==');
  });

  it('is null where no header carries one', () => {
    expect(read('Host', 'gatehouse.test', 'Proxy-Authorization', 'Bearer a', 'X-API-Keys', 'a')).toBeNull();
    expect(read()).toBeNull();
  });
});

describe('a header that cannot be used is refused and never anonymous', () => {
  it.each<[string, string[]]>([
    ['an empty Authorization', ['Authorization', '']],
    ['an empty X-API-Key', ['X-API-Key', '']],
    ['a scheme without a token', ['Authorization', 'Bearer']],
    ['a scheme and a blank without a token', ['Authorization', 'Bearer ']],
    ['a token without a scheme', ['Authorization', 'abc']],
    ['another scheme', ['Authorization', 'Basic YTpi']],
    ['a scheme that only begins alike', ['Authorization', 'BearerX abc']],
    ['two blanks', ['Authorization', 'Bearer  abc']],
    ['a tab', ['Authorization', 'Bearer\tabc']],
    ['a blank and a tab', ['Authorization', 'Bearer \tabc']],
    ['a non-breaking space', ['Authorization', 'Bearer\u00a0abc']],
    ['a blank in front', ['Authorization', ' Bearer abc']],
    ['a blank behind', ['Authorization', 'Bearer abc ']],
    ['a line feed behind', ['Authorization', 'Bearer abc\n']],
    ['a second token after a blank', ['Authorization', 'Bearer abc def']],
    ['two credentials in one header', ['Authorization', 'Bearer abc, Bearer def']],
    ['two tokens with a comma alone', ['Authorization', 'Bearer abc,def']],
    ['a quoted token', ['Authorization', 'Bearer "abc"']],
    ['padding in the middle', ['Authorization', 'Bearer a=b']],
    ['letters outside ASCII', ['Authorization', 'Bearer аbс']],
    ['a scheme with a Cyrillic look-alike', ['Authorization', 'Be\u0430rer abc']],
    ['Authorization twice', ['Authorization', 'Bearer abc', 'authorization', 'Bearer def']],
    ['the same Authorization twice', ['Authorization', 'Bearer abc', 'Authorization', 'Bearer abc']],
    ['Authorization twice, the first empty', ['Authorization', '', 'Authorization', 'Bearer abc']],
    ['X-API-Key twice', ['X-API-Key', 'abc', 'x-api-key', 'abc']],
    ['both headers at once', ['Authorization', 'Bearer abc', 'X-API-Key', 'abc']],
    ['both headers at once, one of them empty', ['Authorization', 'Bearer abc', 'X-API-Key', '']],
    ['an X-API-Key with a scheme', ['X-API-Key', 'Bearer abc']],
    ['two keys in one X-API-Key', ['X-API-Key', 'abc, def']],
  ])('%s', (_, rawHeaders) => {
    expect(() => read(...rawHeaders)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});

it('sees a header that was doubled on the wire, of which Node keeps only the first', async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const received = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
  const { port } = server.address() as AddressInfo;
  request({ port, host: '127.0.0.1', headers: ['Host', 'a', 'Authorization', 'Bearer abc', 'Authorization', 'Bearer def'] })
    .on('response', (response) => response.resume())
    .on('error', () => undefined)
    .end();
  const message = await received;
  server.closeAllConnections();
  server.close();
  expect(message.headers.authorization).toBe('Bearer abc');
  expect(() => readCredential(message)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
});
