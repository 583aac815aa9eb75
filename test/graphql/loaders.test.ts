import { RequestLoaders } from '../../src/graphql/loaders.js';

function recording() {
  const batches: (readonly string[])[] = [];
  const batch = async (keys: readonly string[]): Promise<readonly (string | Error)[]> => {
    batches.push(keys);
    return keys.map((key) => (key === 'bad' ? new Error('no such key') : key.toUpperCase()));
  };
  return { batch, batches };
}

describe('RequestLoaders', () => {
  it('asks once for what is asked in the same turn', async () => {
    const { batch, batches } = recording();
    const loaders = new RequestLoaders();
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loaders.load(batch, key)))).toEqual(['A', 'B', 'A']);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('asks for at most 1,000 keys at once', async () => {
    const { batch, batches } = recording();
    const loaders = new RequestLoaders();
    await Promise.all(Array.from({ length: 2500 }, (_, i) => loaders.load(batch, `k${i}`)));
    expect(batches.map((keys) => keys.length)).toEqual([1000, 1000, 500]);
  });

  it('keeps batch functions and requests apart', async () => {
    const [one, other] = [recording(), recording()];
    const loaders = new RequestLoaders();
    await Promise.all([loaders.load(one.batch, 'a'), loaders.load(other.batch, 'a'), new RequestLoaders().load(one.batch, 'a')]);
    expect([one.batches, other.batches]).toEqual([[['a'], ['a']], [['a']]]);
  });

  it('fails one key without failing the others', async () => {
    const { batch } = recording();
    const loaders = new RequestLoaders();
    const [good, bad] = await Promise.allSettled([loaders.load(batch, 'a'), loaders.load(batch, 'bad')]);
    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
  });

  it('takes objects for one key by their cache key, and reads anew once it was told to forget', async () => {
    let calls = 0;
    const batch = async (keys: readonly { readonly id: string }[]): Promise<readonly string[]> => {
      calls += 1;
      return keys.map((key) => key.id);
    };
    const loaders = new RequestLoaders();
    const load = (): Promise<string> => loaders.load(batch, { id: 'x' }, (key) => key.id);
    await Promise.all([load(), load()]);
    await load();
    expect(calls).toBe(1);
    loaders.clear();
    await load();
    expect(calls).toBe(2);
  });
});
