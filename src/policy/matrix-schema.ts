import { z } from 'zod';
import { keySchema, textSchema } from './field-schemas.js';

const category = z.strictObject({
  key: keySchema,
  title: textSchema.optional(),
  permissions: z.array(
    z.strictObject({
      key: keySchema,
      title: textSchema.optional(),
      access: z.enum(['read', 'write']).optional(),
      scope: z.enum(['workspace', 'global']).optional(),
    }),
  ),
});

const role = z.strictObject({
  key: keySchema,
  name: textSchema.optional(),
  description: textSchema.optional(),
  surface: z.enum(['all', 'widget_only']).optional(),
  permissions: z.array(z.string()),
  except: z.array(z.string()).optional(),
});

const accountGrants = z.array(z.string()).optional();
const accountRoles = z.strictObject(
  { admin: accountGrants, member: accountGrants, viewer: accountGrants },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'the account roles here are admin, member and viewer (the account owner holds everything)'
        : undefined,
  },
);

const counts = z.record(z.string(), z.int().min(0));

/**
 * A matrix as its author wrote it: what is left out stays out, wildcards stay wildcards. Plain JSON, and small even for a
 * huge matrix. That a source fits this schema says nothing yet about whether the names in it exist: `buildMatrix` does.
 */
export const matrixSourceSchema = z.strictObject({
  key: keySchema,
  title: textSchema.optional(),
  version: z.int().min(1).max(2_147_483_647),
  ownerRole: z.string().optional(),
  adminRoles: z.array(z.string()).min(1),
  aliases: z.record(z.string(), z.string()).optional(),
  accountRoles: accountRoles.optional(),
  categories: z.array(category).min(1),
  roles: z.array(role).min(1),
  guards: z.record(z.string(), z.string()),
  expect: z.strictObject({ roles: counts.optional(), categories: counts.optional() }).optional(),
});

export type MatrixSource = z.infer<typeof matrixSourceSchema>;
export type CategorySource = MatrixSource['categories'][number];
export type PermissionSource = CategorySource['permissions'][number];
export type RoleSource = MatrixSource['roles'][number];
