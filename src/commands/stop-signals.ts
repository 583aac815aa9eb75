const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Heeds the first signal only: the second one, of whichever kind, ends the process at once. */
export function stopOnSignal(stop: AbortController): void {
  const heed = (): void => {
    for (const signal of SIGNALS) process.off(signal, heed);
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, heed);
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
