const BITS = 32;

/**
 * An immutable set of permissions of one role matrix, as bits over the matrix's permission indices. Sets of different
 * matrices never meet: an index means nothing outside its matrix.
 */
export class PermissionSet {
  private constructor(
    private readonly words: Uint32Array,
    /** How many permissions the matrix has: the bound of every index. */
    readonly capacity: number,
  ) {}

  static empty(capacity: number): PermissionSet {
    return new PermissionSet(new Uint32Array(Math.ceil(capacity / BITS)), capacity);
  }

  static of(capacity: number, indices: Iterable<number>): PermissionSet {
    const words = new Uint32Array(Math.ceil(capacity / BITS));
    for (const index of indices) {
      if (!(index >= 0 && index < capacity)) throw new RangeError(`permission index ${index} is outside 0..${capacity - 1}`);
      words[index >>> 5]! |= 1 << (index & 31);
    }
    return new PermissionSet(words, capacity);
  }

  has(index: number): boolean {
    return (this.words[index >>> 5]! & (1 << (index & 31))) !== 0;
  }

  union(other: PermissionSet): PermissionSet {
    const words = this.copyFor(other);
    for (let i = 0; i < words.length; i++) words[i]! |= other.words[i]!;
    return new PermissionSet(words, this.capacity);
  }

  intersection(other: PermissionSet): PermissionSet {
    const words = this.copyFor(other);
    for (let i = 0; i < words.length; i++) words[i]! &= other.words[i]!;
    return new PermissionSet(words, this.capacity);
  }

  difference(other: PermissionSet): PermissionSet {
    const words = this.copyFor(other);
    for (let i = 0; i < words.length; i++) words[i]! &= ~other.words[i]!;
    return new PermissionSet(words, this.capacity);
  }

  isSupersetOf(other: PermissionSet): boolean {
    return other.difference(this).isEmpty;
  }

  get isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  get size(): number {
    let size = 0;
    for (let word of this.words) {
      for (; word !== 0; word &= word - 1) size++;
    }
    return size;
  }

  /** The indices in ascending order. */
  *indices(): Generator<number> {
    for (let w = 0; w < this.words.length; w++) {
      for (let word = this.words[w]!; word !== 0; word &= word - 1) {
        yield w * BITS + (31 - Math.clz32(word & -word));
      }
    }
  }

  private copyFor(other: PermissionSet): Uint32Array {
    if (other.capacity !== this.capacity) throw new RangeError('permission sets of different matrices cannot be combined');
    return this.words.slice();
  }
}
