import { useState } from 'react';
import { signIn } from './gateway.js';

/** The form in the page's header, or the name of who is signed in. `notice` says why a sign-in ended. */
export function SignIn({ account, notice, onSignedIn, onSignOut }) {
  const [failure, setFailure] = useState(null);
  const [waiting, setWaiting] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setWaiting(true);
    setFailure(null);
    try {
      onSignedIn(await signIn(form.get('email'), form.get('password')));
    } catch (error) {
      setFailure(error.message);
    } finally {
      setWaiting(false);
    }
  }

  if (account !== null) {
    return (
      <div className="sign-in">
        <span role="status">
          Signed in as <strong>{account.name}</strong>
        </span>
        <button type="button" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    );
  }
  return (
    <form className="sign-in" onSubmit={submit}>
      <span role="alert">{failure ?? notice}</span>
      <input name="email" type="email" required autoComplete="username" placeholder="E-mail" aria-label="E-mail" />
      <input name="password" type="password" required autoComplete="current-password" placeholder="Password" aria-label="Password" />
      <button type="submit" disabled={waiting}>
        Sign in
      </button>
    </form>
  );
}
