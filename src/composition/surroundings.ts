import type { Config } from '../config.js';
import type { Clock, Timer } from '../domain/clock.js';
import type { Decision } from '../domain/decision.js';
import type { PlanCatalogue } from '../domain/plan.js';
import type { Database } from '../storage/data-source.js';
import type { Log } from '../storage/log.js';

type DataSource = Database['dataSource'];

export interface Surroundings {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly plans: PlanCatalogue;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Log;
  /** Told of every decision, for the metrics. */
  readonly decided: (decision: Decision) => void;
}
