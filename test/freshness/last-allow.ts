import { type Place, PLACES } from './site.js';

/** Something that is allowed on every node until it is revoked on one. */
export interface Standing {
  readonly kind: string;
  readonly isAllowed: (place: Place) => Promise<boolean>;
  readonly revoke: () => Promise<unknown>;
}

/** What one node went on allowing after the acknowledgement, in milliseconds from there; nothing but zeros if nothing. */
export interface LastAllow {
  readonly kind: string;
  readonly place: Place;
  /** When the question of the last such answer was sent: the node decided after that, */
  readonly sent: number;
  /** and before its answer was here. */
  readonly received: number;
}

/** How often a node must have refused, in a row, before it counts as having heard of the revocation. */
const REFUSALS = 3;

/** Asks all nodes all the time while it is revoked, and until each has refused for good, or patience ends. */
export async function lastAllows({ kind, isAllowed, revoke }: Standing, patienceMs: number): Promise<LastAllow[]> {
  if ((await Promise.all(PLACES.map(isAllowed))).includes(false)) throw new Error(`${kind}: it is refused before it is revoked`);
  let acknowledgedAt = Number.POSITIVE_INFINITY;
  const hammer = async (place: Place): Promise<LastAllow> => {
    let [last, refusals] = [{ sent: 0, received: 0 }, 0];
    while (refusals < REFUSALS) {
      const sentAt = performance.now();
      const allowed = await isAllowed(place);
      if (sentAt < acknowledgedAt) continue;
      if (sentAt - acknowledgedAt > patienceMs) break;
      refusals = allowed ? 0 : refusals + 1;
      if (allowed) last = { sent: sentAt - acknowledgedAt, received: performance.now() - acknowledgedAt };
    }
    return { kind, place, ...last };
  };
  const hammering = Promise.all(PLACES.map(hammer));
  try {
    await revoke();
  } finally {
    acknowledgedAt = performance.now();
  }
  return hammering;
}

export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function distributionOf(values: readonly number[]): Distribution {
  const ordered = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0);
  return { count: ordered.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
