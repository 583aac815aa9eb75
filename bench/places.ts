import { join } from 'node:path';

/** The repository's root folder, as seen from dist/bench. */
export const ROOT = join(import.meta.dirname, '..', '..');
export const SHIPPED_POLICY = join(ROOT, 'policy');
export const FASTN_FILE = join(SHIPPED_POLICY, 'fastn.yaml');
