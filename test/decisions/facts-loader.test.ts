import type { TenantFrame } from '../../src/domain/facts.js';
import { FactsLoader } from '../../src/features/decisions/facts-loader.js';
import type { FactsReading, Pair } from '../../src/features/decisions/facts.store.js';

/** One statement, which a test answers when it likes. */
interface Statement {
  readonly pairs: readonly Pair[];
  readonly withFrames: readonly string[];
  /** As of this structure of every tenant; frames of `without` are missing, as where their matrix was replaced in between. */
  readonly answer: (structure: bigint, without?: readonly string[]) => Promise<void>;
  readonly fail: () => Promise<void>;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const frame = (tenantId: string, structureRevision: bigint) => ({ tenantId, structureRevision }) as TenantFrame;
const pairOf = (tenantId: string, userId: string): Pair => ({ tenantId, userId });
const NONE_AT_HAND = (): undefined => undefined;

function rig() {
  const statements: Statement[] = [];
  const read = (pairs: readonly Pair[], withFrames: ReadonlySet<string>): Promise<FactsReading> =>
    new Promise((resolve, reject) => {
      const wanted = [...withFrames];
      statements.push({
        pairs,
        withFrames: wanted,
        answer: (structure, without = []) => {
          const members = pairs.map((pair) => ({ ...pair, revision: structure + 1n, structureRevision: structure, member: null }));
          resolve({ members, frames: new Map(wanted.filter((id) => !without.includes(id)).map((id) => [id, frame(id, structure)])) });
          return turn().then(() => undefined);
        },
        fail: () => {
          reject(new Error('no database'));
          return turn().then(() => undefined);
        },
      });
    });
  return { loader: new FactsLoader({ read }), statements };
}

it('reads what is asked for in one turn by one statement, with the frames that are not at hand', async () => {
  const { loader, statements } = rig();
  const atHand = (tenantId: string) => (tenantId === 'north' ? frame('north', 7n) : undefined);
  const loads = [loader.load([pairOf('north', 'ann'), pairOf('south', 'ben')], atHand), loader.load([pairOf('south', 'cleo')], atHand)];
  await turn();
  expect(statements.map(({ pairs, withFrames }) => [pairs.map(({ userId }) => userId), withFrames])).toEqual([[['ann', 'ben', 'cleo'], ['south']]]);
  await statements[0]!.answer(7n);
  const loaded = await Promise.all(loads);
  expect(loaded.map((members) => members.map(({ reading, frame: of }) => `${reading.userId} ${of?.tenantId} ${of?.structureRevision}`))).toEqual([
    ['ann north 7', 'ben south 7'],
    ['cleo south 7'],
  ]);
});

it('reads again, together with its frame, a tenant whose structure has changed since it was put at hand', async () => {
  const { loader, statements } = rig();
  const load = loader.load([pairOf('north', 'ann'), pairOf('south', 'ben')], (tenantId) => frame(tenantId, tenantId === 'north' ? 6n : 7n));
  await turn();
  await statements[0]!.answer(7n);
  expect(statements[1]!.withFrames).toEqual(['north']);
  await statements[1]!.answer(7n);
  expect((await load).map(({ frame: of }) => of?.structureRevision)).toEqual([7n, 7n]);
});

it('never joins a member with a frame of another structure, though structures change with every reading, and gives up in the end', async () => {
  const { loader, statements } = rig();
  const load = loader.load([pairOf('north', 'ann')], () => frame('north', 0n));
  const outcome = load.catch((error: unknown) => error);
  await turn();
  for (let i = 0; i < 5; i += 1) await statements[i]!.answer(BigInt(i + 1), ['north']);
  expect(await outcome).toMatchObject({ code: 'UNAVAILABLE' });
  expect(statements).toHaveLength(5);
});

it('keeps at most four statements under way, and lets all that comes meanwhile share the next', async () => {
  const { loader, statements } = rig();
  const loads: Promise<unknown>[] = [];
  for (let i = 0; i < 40; i += 1) {
    loads.push(loader.load([pairOf('north', `user-${i}`)], NONE_AT_HAND));
    await turn();
  }
  expect(statements).toHaveLength(4);
  await statements[0]!.answer(1n);
  expect(statements.slice(4).map(({ pairs }) => pairs.length)).toEqual([36]);
  for (const statement of statements.slice(1)) await statement.answer(1n);
  await Promise.all(loads);
});

it('puts no more than 64 loads into one statement, and forgets none', async () => {
  const { loader, statements } = rig();
  const loads = Array.from({ length: 300 }, (_, i) => loader.load([pairOf('north', `user-${i}`)], NONE_AT_HAND));
  await turn();
  for (let i = 0; i < statements.length; i += 1) await statements[i]!.answer(1n);
  await Promise.all(loads);
  expect(statements.map(({ pairs }) => pairs.length)).toEqual([64, 64, 64, 64, 44]);
});

it('goes on after statements that failed, and fails whoever asked by them', async () => {
  const { loader, statements } = rig();
  const failing = Array.from({ length: 5 }, async (_, i) => {
    for (let turns = 0; turns < i; turns += 1) await turn();
    await expect(loader.load([pairOf('north', `user-${i}`)], NONE_AT_HAND)).rejects.toThrow('no database');
  });
  for (let i = 0; i < 8; i += 1) await turn();
  for (let i = 0; i < 5; i += 1) await statements[i]!.fail();
  await Promise.all(failing);
  const load = loader.load([pairOf('north', 'ann')], NONE_AT_HAND);
  await turn();
  await statements[5]!.answer(1n);
  expect(await load).toHaveLength(1);
});
