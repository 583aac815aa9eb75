import { DEMO_PEOPLE } from '../features/demo/demo-world.js';
import type { DemoCredentials } from '../features/demo/demo.service.js';

export interface Welcome {
  readonly url: string;
  readonly demo: DemoCredentials | null;
  /** Whether the demo world is there at all. */
  readonly hasDemo: boolean;
  /** Printed once: with it the first account OWNER is made. */
  readonly bootstrapSecret: string | null;
}

/** What the command says once it is ready: where GraphiQL is, how to sign in, and a question that can be asked at once. */
export function welcomeText({ url, demo, hasDemo, bootstrapSecret }: Welcome): string {
  const lines = [`Gatehouse is ready.`, ``, `  GraphQL   ${url}/graphql`, `  GraphiQL  ${url}/graphiql`];
  if (demo !== null) lines.push(``, ...demoLines(url, demo));
  else if (hasDemo) lines.push(``, `The demo data was put in before: its password was printed then.`);
  if (bootstrapSecret !== null) lines.push(``, ...bootstrapLines(url, bootstrapSecret));
  return `${lines.join('\n')}\n`;
}

function demoLines(url: string, { password, apiKey }: DemoCredentials): string[] {
  const people = DEMO_PEOPLE.map(({ id, email, accountRole }) => {
    const account = accountRole === 'MEMBER' ? '' : `  (account role ${accountRole})`;
    return `  ${email.padEnd(26)} ${id}${account}`;
  });
  const query = 'query($input: CheckInput!) { check(input: $input) { allowed reason role revision } }';
  const variables = { input: { userId: 'acme-developer', tenantId: 'acme', permission: 'connectors.publish' } };
  return [
    `Demo people, all with the password ${password} (sign in at GraphiQL, or by the mutation signIn):`,
    ...people,
    ``,
    `May acme-developer publish connectors in acme? Ask:`,
    ``,
    ...curl(url, apiKey, { query, variables }),
  ];
}

function bootstrapLines(url: string, secret: string): string[] {
  const query = 'mutation($input: BootstrapInput!) { bootstrap(input: $input) { accessToken user { id } } }';
  const variables = { input: { secret, name: 'Your name', email: 'you@example.com', password: 'at least eight characters' } };
  return [`Nobody owns this installation yet. Within a day, make yourself the first account OWNER:`, ``, ...curl(url, null, { query, variables })];
}

function curl(url: string, token: string | null, body: object): string[] {
  return [
    `  curl ${url}/graphql -H 'content-type: application/json' \\`,
    ...(token === null ? [] : [`    -H 'authorization: Bearer ${token}' \\`]),
    `    --data '${JSON.stringify(body)}'`,
  ];
}
