import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EmbeddedFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A data folder in which there is no embedded database yet. */
export async function embeddedFolder(): Promise<EmbeddedFolder> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-embedded-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
