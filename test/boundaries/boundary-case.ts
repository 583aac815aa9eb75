/** SQL by hand, in one transaction, that the database must not let through. */
export interface Refusal {
  readonly name: string;
  /** All but the last must go through; the last may be refused by itself, or at COMMIT. */
  readonly steps: readonly string[];
  /** The constraint that refuses or, where PostgreSQL names none, the SQLSTATE. */
  readonly refusedBy: string;
}

/** SQL by hand that must go through: what stands beside a boundary, on its right side. */
export interface Allowance {
  readonly name: string;
  readonly steps: readonly string[];
}
