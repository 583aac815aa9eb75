import { startToy } from '../http/toy-server.js';

const OF_THE_WRONG_TYPE = [
  ['query', 1],
  ['query', { kind: 'Document' }],
  ['query', ['{ hello }']],
  ['operationName', 1],
  ['operationName', {}],
  ['variables', []],
  ['variables', '{}'],
  ['variables', 0],
  ['extensions', []],
  ['extensions', '{}'],
  ['extensions', true],
] as const;

describe('the parameters of a request', () => {
  it.each(OF_THE_WRONG_TYPE)('are refused by name where one is of the wrong type: %s as %j', async (name, value) => {
    const toy = await startToy();
    for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
      const body = JSON.stringify({ query: '{ hello }', [name]: value });
      const { status, json } = await toy.post(body, { accept });
      expect({ status, errors: json.errors?.map(({ extensions }) => extensions) }).toEqual({ status: 400, errors: [{ code: 'BAD_USER_INPUT', field: name }] });
      expect(json.errors?.[0]?.message).toContain(`The parameter ${name} must be `);
    }
  });

  it.each([
    ['left out', {}],
    ['null', { operationName: null, variables: null, extensions: null }],
    ['there, and empty', { variables: {}, extensions: {} }],
    ['of a name that nobody knows', { opName: 1, id: [] }],
  ])('may be %s, but for the query', async (_how, more) => {
    const toy = await startToy();
    const { status, json } = await toy.post(JSON.stringify({ query: '{ hello }', ...more }));
    expect({ status, errors: json.errors }).toEqual({ status: 200, errors: undefined });
  });

  it.each([{}, { query: null }, { query: '' }, { variables: {} }])('need a query: %j is refused', async (body) => {
    const toy = await startToy();
    const { status, json } = await toy.post(JSON.stringify(body));
    expect([status, json.data, json.errors?.length]).toEqual([400, undefined, 1]);
  });
});
