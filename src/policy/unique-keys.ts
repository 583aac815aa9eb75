import type { Finding, Path } from './finding.js';

/** Keys of one kind that may come only once; a second coming becomes a finding that names the first. */
export class UniqueKeys {
  private readonly places = new Map<string, Path>();

  constructor(
    private readonly noun: string,
    private readonly findings: Finding[],
  ) {}

  /** Whether the key is new. The path is the place of the key itself. */
  claim(key: string, path: Path): boolean {
    const earlier = this.places.get(key);
    if (earlier === undefined) this.places.set(key, path);
    else this.findings.push({ path, reason: `the ${this.noun} "${key}" is listed twice`, earlier });
    return earlier === undefined;
  }
}
