import type { Duel } from './duel.js';

/** A line of the table. */
export interface Row {
  readonly peer: string;
  /** What the peer was asked, and what Gatehouse was asked beside it. */
  readonly asked: string;
  readonly duel: Duel;
  /** Why the figure is not what it seems, where it is not. */
  readonly remarks: readonly string[];
}

/** What has to be known about a peer to read its lines. */
export interface Note {
  readonly name: string;
  readonly version: string;
  readonly differs: string;
  /** How much of the world it held, and after how long it was ready. */
  readonly setUp: string;
}

export interface Found {
  readonly rows: readonly Row[];
  readonly note: Note;
}

/** A peer that did not run here. */
export interface Missing {
  readonly name: string;
  readonly why: string;
}

/** The client is at its end from here on, and the server perhaps not. */
const BUSY = 0.9;

export function remarksOn({ ours, theirs }: Duel, peer: string): string[] {
  return [...busy(peer, theirs.clientCpu), ...busy('Gatehouse', ours.clientCpu)];
}

function busy(whose: string, share: number | null): string[] {
  if (share === null || share < BUSY) return [];
  return [`the client of ${whose} used ${Math.round(share * 100)}% of its core: the rate is a lower bound, the processor time is not`];
}
