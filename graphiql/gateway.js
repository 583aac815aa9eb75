const ENDPOINT = '/graphql';

const SIGN_IN = `mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { accessToken expiresAt user { name } }
}`;

/** The fetcher GraphiQL sends with: the signed-in account's token goes along unless the Headers tab names another. */
export function createFetcher(account, onTokenRefused) {
  return async (operation, { headers: edited } = {}) => {
    const headers = new Headers(edited);
    const ownToken = account !== null && !headers.has('authorization');
    if (ownToken) headers.set('authorization', `Bearer ${account.accessToken}`);
    const { status, answer } = await post(operation, headers);
    if (status === 401 && ownToken) onTokenRefused();
    return answer;
  };
}

/** Returns the account with its token; throws an Error whose message may be shown to the person who tries. */
export async function signIn(email, password) {
  const { answer } = await post({ query: SIGN_IN, variables: { email, password }, operationName: 'SignIn' }, new Headers());
  const granted = answer.data?.signIn;
  if (!granted) throw new Error(answer.errors?.[0]?.message ?? 'The gateway gave no answer.');
  return { name: granted.user.name, accessToken: granted.accessToken, expiresAt: granted.expiresAt };
}

async function post(operation, headers) {
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  const response = await fetch(ENDPOINT, { method: 'POST', headers, body: JSON.stringify(operation) });
  const text = await response.text();
  try {
    return { status: response.status, answer: JSON.parse(text) };
  } catch {
    throw new Error(`${ENDPOINT} answered with status ${response.status} and no JSON: ${text.slice(0, 200)}`);
  }
}
