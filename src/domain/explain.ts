import { type Decision, deny } from './decision.js';
import { detailOf } from './detail.js';
import type { Check } from './decide.js';
import type { Facts } from './facts.js';
import { permissionOf, RULES } from './rules.js';

export interface ExplanationStep {
  readonly rule: string;
  readonly passed: boolean;
  /** One sentence for a person. */
  readonly detail: string;
}

export interface Explanation {
  readonly decision: Decision;
  readonly steps: readonly ExplanationStep[];
}

/** `decide` with its steps written down: the same rules in the same order, so the two cannot disagree. */
export function explain(check: Check, facts: Facts, now: number): Explanation {
  const steps: ExplanationStep[] = [];
  const permission = permissionOf(check, facts);
  for (const rule of RULES) {
    const decision = rule.settle(check, facts, now, permission);
    const passed = decision === null || decision.allowed;
    steps.push({ rule: rule.name, passed, detail: detailOf(rule.name, decision, check, facts) });
    if (decision !== null) return { decision, steps };
  }
  return { decision: deny('NOT_GRANTED'), steps };
}
