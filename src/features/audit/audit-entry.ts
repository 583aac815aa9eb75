/** What a change did, for the audit log. Never holds a secret. */
export interface AuditEntry {
  /** For example `membership.role-changed`. */
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** `{before, after}` as JSON text; null where the entry has neither. */
export function changeText({ before, after }: AuditEntry): string | null {
  if (before === undefined && after === undefined) return null;
  return JSON.stringify({ before: before ?? null, after: after ?? null });
}
