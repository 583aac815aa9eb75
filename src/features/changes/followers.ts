import type { ChangeFollower } from './change-poll.js';
import type { TenantChange } from './tenant-change.js';

export type Follower = Omit<ChangeFollower, 'tenantChanged'> & Partial<Pick<ChangeFollower, 'tenantChanged'>>;

/** All that keep something at hand, told of each change one after the other. */
export class Followers implements ChangeFollower {
  constructor(private readonly followers: readonly Follower[]) {}

  tenantChanged(change: TenantChange): void {
    for (const follower of this.followers) follower.tenantChanged?.(change);
  }

  callersChanged(): void {
    for (const follower of this.followers) follower.callersChanged();
  }

  hasHeardAllUntil(milliseconds: number): void {
    for (const follower of this.followers) follower.hasHeardAllUntil(milliseconds);
  }

  beginsAnew(): void {
    for (const follower of this.followers) follower.beginsAnew();
  }
}
