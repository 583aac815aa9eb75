import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { printGatewaySchema } from '../../src/commands/print-schema.js';
import { ROOT } from '../support/gateway.js';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the schema', () => {
  it('takes nothing from clients that the contract gives them', () => {
    const breaking = findBreakingChanges(buildSchema(read('test/contract.graphql')), buildSchema(read('schema.graphql')));
    expect(breaking).toEqual([]);
  });

  it('is committed as the resolvers make it: run `npm run schema` after a change', () => {
    expect(read('schema.graphql')).toBe(printGatewaySchema());
  });
});
