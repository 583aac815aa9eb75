interface Watched {
  readings: number;
  /** The latest revision that was heard of while the tenant was being read. */
  heard: bigint;
}

/**
 * The tenants that are being read at this moment. A change that is heard of before the reading ends must not be lost because
 * there was nothing at hand yet to note it on: the reading may have begun before the change.
 */
export class ReadingWatch {
  private readonly watched = new Map<string, Watched>();

  begin(tenantIds: ReadonlySet<string>): void {
    for (const tenantId of tenantIds) {
      const watched = this.watched.get(tenantId);
      if (watched === undefined) this.watched.set(tenantId, { readings: 1, heard: 0n });
      else watched.readings += 1;
    }
  }

  hear(tenantId: string, revision: bigint): void {
    const watched = this.watched.get(tenantId);
    if (watched !== undefined && watched.heard < revision) watched.heard = revision;
  }

  /** Whether nothing newer than what was read has been heard of meanwhile. */
  isCurrent(tenantId: string, revision: bigint): boolean {
    return revision >= (this.watched.get(tenantId)?.heard ?? 0n);
  }

  end(tenantIds: ReadonlySet<string>): void {
    for (const tenantId of tenantIds) {
      const watched = this.watched.get(tenantId);
      if (watched === undefined) continue;
      watched.readings -= 1;
      if (watched.readings === 0) this.watched.delete(tenantId);
    }
  }
}
