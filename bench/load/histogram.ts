const BUCKETS = 2_000_000;

/** How often each latency occurred, to the microsecond, up to two seconds; what took longer counts as the longest. */
export class Histogram {
  private readonly counts = new Uint32Array(BUCKETS + 1);
  private total = 0;
  private highest = 0;

  add(milliseconds: number): void {
    const microseconds = Math.min(BUCKETS, Math.max(0, Math.round(milliseconds * 1000)));
    this.counts[microseconds]!++;
    this.total++;
    if (milliseconds > this.highest) this.highest = milliseconds;
  }

  get count(): number {
    return this.total;
  }

  get max(): number {
    return this.highest;
  }

  /** In milliseconds: the share of all latencies that is no longer than this. */
  quantile(share: number): number {
    const wanted = Math.ceil(this.total * share);
    let seen = 0;
    for (let bucket = 0; bucket <= BUCKETS; bucket++) {
      seen += this.counts[bucket]!;
      if (seen >= wanted) return bucket < BUCKETS ? bucket / 1000 : this.highest;
    }
    return 0;
  }
}
