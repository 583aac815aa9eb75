import type { GraphQLSchema } from 'graphql';
import { applyShield } from './apply-shield.js';
import type { Authority } from './authority.js';
import type { RuleFaultListener } from './compile-rule.js';
import { deny } from './graphql-shield.js';
import { forbidden } from '../errors.js';
import { shieldTree } from './shield.js';
import { SURFACE } from './surface.js';

/** The schema behind its guard. Throws where a field of it has no entry on the surface page, or an entry has no field. */
export function guarded(schema: GraphQLSchema, authority: Authority, onRuleFault: RuleFaultListener): GraphQLSchema {
  return applyShield(schema, shieldTree(SURFACE, authority), { fallbackRule: deny, denied: forbidden, requireEntry: true, onRuleFault });
}
