import type { RoleMatrix } from '../../domain/matrix.js';
import { buildMatrix } from '../../policy/matrix-source.js';
import type { Transaction } from '../../storage/transaction.js';
import type { MatrixStore } from './matrices.store.js';

interface Entry {
  readonly matrix: RoleMatrix;
  readonly digest: string;
}

/** The matrices that this node knows: those taken over at start, and those that another node has taken over since. */
export class MatrixRegistry {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly store: MatrixStore) {}

  put(matrix: RoleMatrix, digest: string): void {
    this.entries.set(matrix.key, { matrix, digest });
  }

  find(key: string): RoleMatrix | null {
    return this.entries.get(key)?.matrix ?? null;
  }

  list(): RoleMatrix[] {
    return [...this.entries.values()].map((entry) => entry.matrix).sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The matrix in exactly the form that the digest names, read where another node has brought it; null where it has changed since. */
  async at(key: string, digest: string, tx?: Transaction): Promise<RoleMatrix | null> {
    const entry = this.entries.get(key);
    if (entry?.digest === digest) return entry.matrix;
    const stored = await this.store.find(key, tx);
    if (stored?.digest !== digest) return null;
    const matrix = buildMatrix(stored.source);
    this.put(matrix, stored.digest);
    return matrix;
  }
}
