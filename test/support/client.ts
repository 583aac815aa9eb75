export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphqlFault[];
  /** The whole answer as it came. */
  readonly text: string;
}

export interface GraphqlFault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

export type Variables = Readonly<Record<string, unknown>>;

/** A caller as an outsider is one: HTTP, a token or none, and documents. */
export class Client {
  constructor(
    readonly url: string,
    readonly token: string | null = null,
  ) {}

  as(token: string | null): Client {
    return new Client(this.url, token);
  }

  async send<Data = Record<string, unknown>>(query: string, variables: Variables = {}, headers: Record<string, string> = {}): Promise<GraphqlAnswer<Data>> {
    const authorization: Record<string, string> = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { data, errors = [] } = JSON.parse(text) as { data?: Data | null; errors?: GraphqlFault[] };
    return { status: response.status, headers: response.headers, data, errors, text };
  }

  /** The data of an answer that must have no errors. */
  async ask<Data = Record<string, unknown>>(query: string, variables: Variables = {}): Promise<Data> {
    const answer = await this.send<Data>(query, variables);
    if (answer.errors.length > 0 || answer.data == null) throw new Error(`the gateway answered ${answer.status}: ${answer.text}`);
    return answer.data;
  }

  /** The codes of the errors of an answer, in order; empty for one without any. */
  async codes(query: string, variables: Variables = {}): Promise<string[]> {
    return (await this.send(query, variables)).errors.map((error) => error.extensions.code);
  }

  /** One mutation whose argument is `input`, by name; `select` is what to read of its payload. */
  mutate<Payload = Record<string, unknown>>(mutation: string, input: Variables, select: string): Promise<GraphqlAnswer<Record<string, Payload | null>>> {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    return this.send(`mutation($input: ${INPUT_TYPES[mutation] ?? type}!) { ${mutation}(input: $input) { ${select} } }`, { input });
  }
}

/** Mutations whose input type is not called after them. */
const INPUT_TYPES: Readonly<Record<string, string>> = {
  suspendTenant: 'TenantInput',
  activateTenant: 'TenantInput',
  deleteTenant: 'TenantInput',
  deleteDepartment: 'DepartmentInput',
  deleteCustomer: 'CustomerInput',
  disableUser: 'UserInput',
  enableUser: 'UserInput',
  resetPassword: 'UserInput',
  suspendMember: 'MemberInput',
  activateMember: 'MemberInput',
  removeMember: 'MemberInput',
  removeDepartmentOverride: 'DepartmentOverrideInput',
  revokeInvitation: 'InvitationInput',
  revokeApiKey: 'ApiKeyInput',
};
