import type { Peer } from './peer.js';

/** How much of the world a peer is given: some take so long for the whole that a part has to do, and then Gatehouse is asked about the same part. */
export interface Entry {
  readonly key: string;
  /** Loaded in a process of its own, so that a package that does not run here stops nothing else. */
  readonly load: () => Promise<Peer>;
  readonly tenants: number;
  readonly questions: number;
}

const WHOLE_WORLD = 1000;
const MANY = 65_536;

export const OURS_IN_PROCESS = 'gatehouse';

const inProcess: readonly Entry[] = [
  { key: 'casbin', load: async () => (await import('./casbin.js')).casbin, tenants: 20, questions: 1024 },
  { key: 'casbin-sharded', load: async () => (await import('./casbin.js')).casbinSharded, tenants: 100, questions: 1024 },
  { key: 'casl', load: async () => (await import('./casl.js')).caslCached, tenants: WHOLE_WORLD, questions: MANY },
  { key: 'casl-per-question', load: async () => (await import('./casl.js')).caslPerRequest, tenants: WHOLE_WORLD, questions: MANY },
  { key: 'spicedb', load: async () => (await import('./spicedb.js')).spicedb, tenants: 10, questions: 1024 },
];

const overTheNetwork: readonly Entry[] = [
  { key: 'cerbos', load: async () => (await import('./cerbos.js')).cerbos, tenants: WHOLE_WORLD, questions: 16_384 },
];

/** What takes the questions as they are, in process or by a client of its own. */
export const ENTRIES = { inProcess, overTheNetwork };

export async function loadPeer(key: string): Promise<Peer> {
  if (key === OURS_IN_PROCESS) return (await import('./gatehouse.js')).gatehouse;
  const entry = [...inProcess, ...overTheNetwork].find((candidate) => candidate.key === key);
  if (entry === undefined) throw new Error(`there is no peer ${key}`);
  return entry.load();
}
