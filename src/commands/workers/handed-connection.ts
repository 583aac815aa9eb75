import type { Worker } from 'node:cluster';

interface Handle {
  close(): void;
}

/**
 * node:cluster hands a worker one connection at a time, and closes its own end once the worker has taken it. It forgets the
 * one that was on its way when the worker was killed, whose client would wait without end. Returns what closes that one.
 */
export function trackHandedConnection(worker: Worker): () => void {
  const child = worker.process;
  const send = child.send.bind(child);
  let handed: Handle | null = null;
  Object.assign(child, {
    send: (message: object, handle?: Parameters<typeof send>[1], ...rest: [Parameters<typeof send>[2]?, Parameters<typeof send>[3]?]) => {
      if (isHandle(handle)) handed = handle;
      return send(message, handle, ...rest);
    },
  });
  // Closing what is closed already does nothing.
  return () => handed?.close();
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
