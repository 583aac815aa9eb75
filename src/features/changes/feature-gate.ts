import type { TenantFrame } from '../../domain/facts.js';
import { type Feature, type PlanCatalogue, plansWith } from '../../domain/plan.js';
import { AppError } from '../../errors.js';

/** Throws FEATURE_NOT_AVAILABLE, naming the plans that have it, where the tenant's plan lacks the feature. */
export function requireFeature(frame: TenantFrame, feature: Feature, plans: PlanCatalogue): void {
  if (frame.plan.features.has(feature)) return;
  const having = plansWith(plans, feature);
  const where = having.length === 0 ? 'no plan has it' : `it comes with the plan ${having.map((key) => `"${key}"`).join(' or ')}`;
  throw new AppError('FEATURE_NOT_AVAILABLE', `The plan "${frame.plan.key}" lacks ${feature}: ${where}.`, {
    details: { feature, plans: having },
  });
}

/** What tenants do not have by their plans but the whole installation by its edition. */
export type EditionFeature = 'TENANTS' | 'PLANS';

/** A refusal with FEATURE_NOT_AVAILABLE that names the edition that has it, in the shape of those for the sake of a plan. */
export function notInEdition(feature: EditionFeature): AppError {
  const sentence = 'The edition "community" has one tenant, which stays, and one plan: further ones come with the edition "saas", set by EDITION.';
  return new AppError('FEATURE_NOT_AVAILABLE', sentence, { details: { feature, plans: [], edition: 'saas' } });
}
