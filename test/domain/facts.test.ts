import { isCurrent, isExpired, type Membership } from '../../src/domain/facts.js';

const membership: Membership = { status: 'ACTIVE', roleKey: 'viewer', customerId: null, expiresAt: null, overrides: new Map() };

describe('what expires', () => {
  it.each([
    ['never', null, 1e15, false],
    ['a millisecond ago', 999, 1000, true],
    ['at this very millisecond', 1000, 1000, true],
    ['in a millisecond', 1001, 1000, false],
    ['at the beginning of time, and it is past', 0, 1000, true],
    ['at a time that is no number', Number.NaN, 1000, true],
    ['some time, and now is no number', 1000, Number.NaN, true],
  ])('%s', (_when, expiresAt, now, expired) => {
    expect(isExpired({ expiresAt }, now)).toBe(expired);
    expect(isCurrent({ ...membership, expiresAt }, now)).toBe(!expired);
  });

  it('does not make a suspended membership current by being far away', () => {
    expect(isCurrent({ ...membership, status: 'SUSPENDED' }, 0)).toBe(false);
    expect(isCurrent({ ...membership, status: 'SUSPENDED', expiresAt: 1000 }, 0)).toBe(false);
  });
});
