import type { RequestLoaders } from '../../graphql/loaders.js';
import { connectionOf, type PageArguments, toPageRequest } from '../../graphql/pages.js';
import type { MembershipService } from './memberships.service.js';

/** Where a user belongs, by tenant: one list, however it is reached. */
export async function pageOfMemberships(members: MembershipService, userId: string, page: PageArguments, loaders: RequestLoaders) {
  const list = ['memberships-of-user', userId];
  const request = toPageRequest(list, page);
  const found = await loaders.load(members.listPagesOfUsers, { parentId: userId, request, filter: null });
  return connectionOf(list, found, (membership) => membership.tenantId, (membership) => membership);
}
