import * as fc from 'fast-check';
import { PermissionSet } from '../../src/domain/permission-set.js';

/** A capacity around the borders of 32-bit words, and two sets of indices below it. */
const pairs = fc
  .oneof(fc.constantFrom(0, 1, 31, 32, 33, 63, 64, 65), fc.integer({ min: 0, max: 200 }))
  .chain((capacity) => {
    const indices = fc.subarray([...Array(capacity).keys()]).map((list) => new Set(list));
    return fc.record({ capacity: fc.constant(capacity), a: indices, b: indices });
  });

const listed = (set: PermissionSet) => [...set.indices()];
const ascending = (set: Iterable<number>) => [...set].toSorted((x, y) => x - y);

describe('a permission set', () => {
  it('holds, counts and lists what was put into it, in ascending order', () => {
    fc.assert(
      fc.property(pairs, ({ capacity, a }) => {
        const set = PermissionSet.of(capacity, a);
        expect(listed(set)).toEqual(ascending(a));
        expect(set.size).toBe(a.size);
        expect(set.isEmpty).toBe(a.size === 0);
        expect([...Array(capacity + 70).keys()].filter((index) => set.has(index))).toEqual(ascending(a));
      }),
    );
  });

  it('unites, intersects and subtracts as sets do, and leaves its operands alone', () => {
    fc.assert(
      fc.property(pairs, ({ capacity, a, b }) => {
        const [left, right] = [PermissionSet.of(capacity, a), PermissionSet.of(capacity, b)];
        expect(listed(left.union(right))).toEqual(ascending(new Set([...a, ...b])));
        expect(listed(left.intersection(right))).toEqual(ascending([...a].filter((index) => b.has(index))));
        expect(listed(left.difference(right))).toEqual(ascending([...a].filter((index) => !b.has(index))));
        expect(left.isSupersetOf(right)).toBe([...b].every((index) => a.has(index)));
        expect([listed(left), listed(right)]).toEqual([ascending(a), ascending(b)]);
      }),
    );
  });

  it.each([31, 32, 33, 64])('of %d permissions can hold them all, the last one included', (capacity) => {
    const all = PermissionSet.of(capacity, Array(capacity).keys());
    const last = PermissionSet.of(capacity, [capacity - 1]);
    expect(all.size).toBe(capacity);
    expect(all.has(capacity - 1)).toBe(true);
    expect(listed(last)).toEqual([capacity - 1]);
    expect(all.isSupersetOf(last)).toBe(true);
    expect(last.isSupersetOf(all)).toBe(false);
    expect(listed(all.difference(last))).toHaveLength(capacity - 1);
  });

  it('keeps the sign bit of a word apart from the bits around it', () => {
    const set = PermissionSet.of(64, [31]);
    expect([30, 31, 32, 63].map((index) => set.has(index))).toEqual([false, true, false, false]);
    expect(set.size).toBe(1);
    expect(set.isEmpty).toBe(false);
    expect(listed(set.union(PermissionSet.of(64, [63])))).toEqual([31, 63]);
  });

  it('can be empty, of an empty matrix too', () => {
    expect(listed(PermissionSet.empty(40))).toEqual([]);
    expect(PermissionSet.empty(40).isEmpty).toBe(true);
    expect(PermissionSet.empty(0).isEmpty).toBe(true);
    expect(PermissionSet.empty(0).has(0)).toBe(false);
  });

  it.each([-1, 40, 41, 64, Number.NaN, Number.POSITIVE_INFINITY])('refuses the index %d, which is none of forty', (index) => {
    expect(() => PermissionSet.of(40, [index])).toThrow(RangeError);
  });

  it('refuses to be combined with a set of another matrix', () => {
    const [small, large] = [PermissionSet.of(33, [1]), PermissionSet.of(34, [1])];
    expect(() => small.union(large)).toThrow(RangeError);
    expect(() => small.intersection(large)).toThrow(RangeError);
    expect(() => large.difference(small)).toThrow(RangeError);
  });
});
