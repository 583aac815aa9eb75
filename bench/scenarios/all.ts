import { checkPermissions, checks } from './batches.js';
import { checkLatency } from './check-latency.js';
import { check, checkByApollo } from './check.js';
import { coldMembers } from './cold-members.js';
import { decideInProcess } from './decide.js';
import { effectivePermissions } from './effective-permissions.js';
import { growth } from './growth.js';
import { memory, memoryScan } from './memory.js';
import { membershipList } from './membership-list.js';
import type { Scenario } from './scenario.js';
import { soak } from './soak.js';
import { start } from './start.js';
import { workers } from './workers.js';
import { writes } from './writes.js';

export const SCENARIOS: readonly Scenario[] = [
  check,
  checkByApollo,
  checkLatency,
  checks,
  checkPermissions,
  effectivePermissions,
  decideInProcess,
  membershipList,
  coldMembers,
  growth,
  memory,
  memoryScan,
  soak,
  writes,
  workers,
  start,
];
