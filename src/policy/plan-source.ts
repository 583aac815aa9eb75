import { z } from 'zod';
import { FEATURES, type Plan, type PlanCatalogue } from '../domain/plan.js';
import { keySchema, textSchema } from './field-schemas.js';
import type { Finding } from './finding.js';
import { UniqueKeys } from './unique-keys.js';

export const planSourceSchema = z.strictObject({
  default: keySchema,
  plans: z.array(z.strictObject({ key: keySchema, title: textSchema.optional(), features: z.array(z.enum(FEATURES)) })).min(1),
});

export type PlanSource = z.infer<typeof planSourceSchema>;

export type PlanReading =
  | { readonly ok: true; readonly plans: PlanCatalogue }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The plans by key, or what is wrong with them. */
export function readPlans(source: PlanSource): PlanReading {
  const findings: Finding[] = [];
  const plans = new Map<string, Plan>();
  const keys = new UniqueKeys('plan', findings);
  source.plans.forEach(({ key, title = key, features }, p) => {
    const listed = new UniqueKeys('feature', findings);
    features.forEach((feature, f) => listed.claim(feature, ['plans', p, 'features', f]));
    if (keys.claim(key, ['plans', p, 'key'])) plans.set(key, { key, title, features: new Set(features) });
  });
  if (!plans.has(source.default)) findings.push({ path: ['default'], reason: `"${source.default}" is none of the plans` });
  return findings.length > 0 ? { ok: false, findings } : { ok: true, plans: { plans, defaultPlan: source.default } };
}
