import { useEffect, useState } from 'react';

const KEY = 'gatehouse:account';
/** Browsers fire a timer above 2^31 - 1 ms at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Who is signed in on this page: `[account or null, setAccount]`. It is kept in sessionStorage, so it lives through a
 * reload and ends with the browser tab, or when its token expires.
 */
export function useAccount() {
  const [account, setAccount] = useState(readAccount);
  useEffect(() => {
    if (account === null) {
      sessionStorage.removeItem(KEY);
      return undefined;
    }
    sessionStorage.setItem(KEY, JSON.stringify(account));
    const left = Math.min(Date.parse(account.expiresAt) - Date.now(), LONGEST_TIMER_MS);
    const timer = setTimeout(() => setAccount(null), left);
    return () => clearTimeout(timer);
  }, [account]);
  return [account, setAccount];
}

function readAccount() {
  const account = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
  return account !== null && Date.parse(account.expiresAt) > Date.now() ? account : null;
}
