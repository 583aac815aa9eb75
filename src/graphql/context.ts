import type { Principal } from '../access/principal.js';
import type { RequestLoaders } from './loaders.js';
import type { SubscriptionRequest } from './subscription-requests.js';

/** What every resolver and rule knows about the request that it serves. Made anew for each request, shared with no other. */
export interface RequestContext {
  /** Who is calling: verified, and never taken from arguments. Null for an anonymous caller. */
  readonly principal: Principal | null;
  /** Made by the server; the client finds it in X-Request-Id. */
  readonly requestId: string;
  readonly loaders: RequestLoaders;
  /** The peer of the connection; null where it is gone already. Headers that claim another address are not believed. */
  readonly address: string | null;
  /** Takes the subscription that the request asks for; absent where the client does not accept a stream of events. */
  readonly takeSubscription?: (request: SubscriptionRequest) => void;
}
