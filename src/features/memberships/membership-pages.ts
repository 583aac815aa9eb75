import { connectionOf, type PageArguments, toPageRequest } from '../../graphql/pages.js';
import type { MembershipService } from './memberships.service.js';

/** Where a user belongs, by tenant: one list, however it is reached. */
export async function pageOfMemberships(members: MembershipService, userId: string, page: PageArguments) {
  const list = ['memberships-of-user', userId];
  const found = await members.listOfUser(userId, toPageRequest(list, page));
  return connectionOf(list, found, (membership) => membership.tenantId, (membership) => membership);
}
