import type { ValueTransformer } from 'typeorm';

/** `pg` hands a bigint out as text; a revision is a bigint everywhere else. */
export const revisionColumn: ValueTransformer = {
  from: (text: string) => BigInt(text),
  to: (revision: unknown) => (typeof revision === 'bigint' ? revision.toString() : revision),
};
