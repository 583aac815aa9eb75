import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Where the server under test runs, and where everything else does. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Whether processes can be kept on a core of their own; else they disturb one another, and the report says so. */
export const CAN_PIN = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

const running = new Set<ChildProcess>();
// However the benchmark ends, no server of it goes on.
process.once('exit', () => {
  for (const child of running) child.kill();
});

/** Node on one core, or on any where `core` is null, for as long as this process runs. */
export function spawnNode(core: number | null, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = CAN_PIN && core !== null ? spawn('taskset', ['-c', String(core), process.execPath, ...args], options) : spawn(process.execPath, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Ends the process, and comes back once it has. */
export function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
