import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, getOperationAST, getVariableValues, parse, validate } from 'graphql';

const EXAMPLES = new URL('../../graphiql/examples/', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const names = readdirSync(EXAMPLES).filter((name) => name.endsWith('.graphql'));
const read = (name: string) => readFileSync(new URL(name, EXAMPLES), 'utf8');

function readVariables(operationFile: string): Record<string, unknown> {
  const file = operationFile.replace(/\.graphql$/, '.json');
  return readdirSync(EXAMPLES).includes(file) ? (JSON.parse(read(file)) as Record<string, unknown>) : {};
}

describe('the examples in GraphiQL', () => {
  it('ask who one is, one check, its steps, many permissions and a matrix, and sign in', () => {
    const operations = names.map((name) => getOperationAST(parse(read(name)))?.name?.value);
    expect(operations).toEqual(['WhoAmI', 'Check', 'Explain', 'ManyPermissions', 'RoleMatrix', 'SignIn']);
  });

  it.each(names)('%s is valid against the schema', (name) => {
    expect(validate(schema, parse(read(name))).map((error) => error.message)).toEqual([]);
  });

  it.each(names)('%s comes with variables that fit, and with no others', (name) => {
    const definitions = getOperationAST(parse(read(name)))?.variableDefinitions ?? [];
    const variables = readVariables(name);
    expect(getVariableValues(schema, definitions, variables).errors).toBeUndefined();
    expect(Object.keys(variables)).toEqual(definitions.map((definition) => definition.variable.name.value));
  });

  it.each(names)('%s begins with a comment that says what it is for', (name) => {
    expect(read(name)).toMatch(/^# [A-Z].{10,}/);
  });

  it('have no variables without an operation', () => {
    const orphans = readdirSync(EXAMPLES).filter((name) => !names.includes(name.replace(/\.json$/, '.graphql')));
    expect(orphans).toEqual([]);
  });
});
