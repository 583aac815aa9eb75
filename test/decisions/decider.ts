import type { Answer, Ask, Scene, World } from './world.js';

export interface Step {
  readonly rule: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface Effective {
  /** In any order. */
  readonly keys: readonly string[];
  readonly categories: readonly { readonly category: string; readonly held: number; readonly total: number }[];
  readonly role: string | null;
  readonly departmentRoles: readonly { readonly department: string; readonly role: string }[];
  readonly reason: string | null;
}

/**
 * An implementation of the decision, put to the cases: the domain itself, or a gateway that loads the same world and is
 * asked over GraphQL. `at` is the time of the question in milliseconds since the epoch.
 */
export interface Decider {
  readonly name: string;
  /** Whether `effective` heeds the owner of a resource; the contract's `effectivePermissions` names none. */
  readonly effectiveHeedsOwner: boolean;
  /** Whether it can be put into states that a gateway's own rules keep from arising. */
  readonly takesAnyWorld: boolean;
  check(world: World, ask: Ask, at: number): Promise<Answer>;
  /** Many questions at once, answered in their order. */
  checks(world: World, asks: readonly Ask[], at: number): Promise<readonly Answer[]>;
  /** Whether the user may do each of them there, in their order. */
  checkPermissions(world: World, scene: Scene, permissions: readonly string[], at: number): Promise<readonly boolean[]>;
  explain(world: World, ask: Ask, at: number): Promise<{ readonly decision: Answer; readonly steps: readonly Step[] }>;
  effective(world: World, scene: Scene, at: number): Promise<Effective>;
  /** The ids of the users who may, in any order. */
  who(world: World, ask: Omit<Ask, 'user' | 'owner'>, at: number): Promise<readonly string[]>;
  /** What the user hears who asks for themselves; whoever cannot ask may do nothing. */
  can(world: World, ask: Ask, at: number): Promise<boolean>;
}
