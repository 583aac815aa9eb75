import { badInput } from '../errors.js';

/** What GraphQL over HTTP calls a request's parameters; null for those that it does not have. */
export interface RequestParameters {
  readonly query: string | null;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly extensions: Readonly<Record<string, unknown>> | null;
}

/**
 * The parameters of a request that came as a JSON object. Throws BAD_USER_INPUT, with the field, for one of another type than
 * the protocol gives it. https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function requestParametersOf(body: Readonly<Partial<Record<keyof RequestParameters, unknown>>>): RequestParameters {
  return {
    query: stringOf('query', body.query),
    operationName: stringOf('operationName', body.operationName),
    variables: mapOf('variables', body.variables),
    extensions: mapOf('extensions', body.extensions),
  };
}

function stringOf(name: keyof RequestParameters, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw badInput(name, `The parameter ${name} must be a string.`);
}

function mapOf(name: keyof RequestParameters, value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw badInput(name, `The parameter ${name} must be a JSON object: as it is, not as a string.`);
}
