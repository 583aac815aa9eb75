import type { SharedBench } from '../bench.js';

/** One line of the report. */
export interface Figure {
  readonly what: string;
  /** What was measured, with its unit and its spread. */
  readonly measured: string;
  /** What the project wants to reach; null for a figure that only explains. */
  readonly asked: string | null;
  /** Null where nothing is asked for. */
  readonly reached: boolean | null;
  /** Why the figure is not what it seems, where it is not. */
  readonly remarks: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** A scenario that takes long runs only where it is named. */
  readonly onlyNamed: boolean;
  readonly run: (bench: SharedBench) => Promise<readonly Figure[]>;
}
