import type { Principal } from '../../src/access/principal.js';
import { RequestLoaders } from '../../src/graphql/loaders.js';
import type { ContextOf } from '../../src/http/graphql-endpoint.js';
import { EXECUTION_CASES } from './execution-cases.js';
import { faultySchema } from './faulty-schema.js';
import { ThreeWays } from './three-ways.js';

const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'];

describe('the three ways to answer', () => {
  let ways: ThreeWays;
  const principal: Principal = { kind: 'user', userId: 'ann', accountRole: 'MEMBER', signInId: null };
  const contextOf: ContextOf = ({ requestId, address }) => ({ principal, requestId, address, loaders: new RequestLoaders() });
  beforeAll(async () => {
    ways = await ThreeWays.start(faultySchema(), contextOf);
  });
  afterAll(() => ways.close());

  describe.each(Object.entries(EXECUTION_CASES))('agree about %s', (_subject, cases) => {
    it.each(Object.entries(cases))('%s', async (_name, { body, headers }) => {
      for (const accept of MEDIA_TYPES) {
        const { interpreted, ...others } = await ways.answers(body, { accept, ...headers });
        expect(others).toEqual({ compiled: interpreted, known: interpreted });
      }
      expect(globalThis).not.toHaveProperty('entered');
    });
  });
});
