import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';
import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import { useAccount } from './account.js';
import { examples } from './examples.js';
import { createFetcher } from './gateway.js';
import iconUrl from './icon.svg';
import { SignIn } from './sign-in.jsx';

function Page() {
  const [account, setAccount] = useAccount();
  const [notice, setNotice] = useState(null);
  const fetcher = useMemo(
    () =>
      createFetcher(account, () => {
        setAccount(null);
        setNotice('Your sign-in has ended: sign in again.');
      }),
    [account, setAccount],
  );
  return (
    <>
      <header className="bar">
        <img src={iconUrl} alt="" width="20" height="20" />
        <h1>Gatehouse</h1>
        <p>What may this user do here, and why?</p>
        <SignIn
          account={account}
          notice={notice}
          onSignedIn={(signedIn) => {
            setNotice(null);
            setAccount(signedIn);
          }}
          onSignOut={() => setAccount(null)}
        />
      </header>
      <main>
        {/* What people type may hold passwords and tokens, so none of it outlives the browser tab. */}
        <GraphiQL
          fetcher={fetcher}
          defaultTabs={examples}
          defaultEditorToolsVisibility="variables"
          shouldPersistHeaders={false}
          storage={sessionStorage}
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

createRoot(document.getElementById('page')).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
