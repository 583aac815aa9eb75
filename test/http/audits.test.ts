import { auditServer } from 'graphql-http';
import { startToy } from './toy-server.js';

it('speaks GraphQL over HTTP as its specification demands', async () => {
  const toy = await startToy();
  const results = await auditServer({ url: `${toy.url}/graphql` });
  const failed = results.flatMap((result) => (result.status === 'error' ? [`${result.id} ${result.name}: ${result.reason}`] : []));
  expect(results.length).toBeGreaterThan(60);
  expect(failed).toEqual([]);
});
