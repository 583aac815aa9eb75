import type { Principal } from '../access/principal.js';
import { unauthenticated } from '../errors.js';
import type { RequestContext } from './context.js';

/** Who is calling. The guard has seen to it that somebody is; should it ever not have, nobody gets past here. */
export function requireCaller(context: RequestContext): Principal {
  if (context.principal === null) throw unauthenticated();
  return context.principal;
}
