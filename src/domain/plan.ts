export const FEATURES = ['CUSTOM_ROLES', 'DEPARTMENT_OVERRIDES', 'VIEWER_ACCOUNTS'] as const;
/** What a plan switches on. */
export type Feature = (typeof FEATURES)[number];

export interface Plan {
  readonly key: string;
  readonly title: string;
  readonly features: ReadonlySet<Feature>;
}

export interface PlanCatalogue {
  readonly plans: ReadonlyMap<string, Plan>;
  /** The plan of a tenant that was made without naming one. */
  readonly defaultPlan: string;
}

/** The plans that have the feature, for a refusal that says where to find it. */
export function plansWith(catalogue: PlanCatalogue, feature: Feature): string[] {
  return [...catalogue.plans.values()].filter((plan) => plan.features.has(feature)).map((plan) => plan.key);
}
