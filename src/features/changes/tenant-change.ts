/** Whose permissions a change may have altered; everybody's where it touched roles, departments, customers, plan or status. */
export type Touched = 'everybody' | readonly string[];

/** A change to nothing that a decision depends on, such as to a name. */
export const NOBODY: Touched = [];

/** One step of a tenant, from the revision before to this one. */
export interface TenantChange {
  readonly tenantId: string;
  readonly revision: bigint;
  readonly touches: Touched;
}
