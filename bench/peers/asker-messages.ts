import type { Batch } from './peer.js';

export type Way = 'single' | 'batch' | 'odd';

/** How many questions the way `odd` has. */
export const ODD_QUESTIONS = 2048;

export interface AskerReady {
  readonly name: string;
  readonly version: string;
  readonly differs: string;
  readonly setUpSeconds: number;
  readonly batch: Pick<Batch, 'size' | 'about'> | null;
}

export interface AskerRun {
  readonly way: Way;
  readonly measuredMs: number;
  /** Requests. */
  readonly atMost: number;
}

export interface AskerOutcome {
  readonly decisions: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly ownCpuSeconds: number;
  /** Null where there is no server, or the system does not tell. */
  readonly serverCpuSeconds: number | null;
}
