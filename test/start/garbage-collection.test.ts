import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../support/gateway.js';

const MODULE = pathToFileURL(join(ROOT, 'dist', 'src', 'commands', 'garbage-collection.js')).href;

/** What V8 says of `nextTick` once it has compiled it: that it gives the result up, for one. While it is told to collect all garbage, no tick is waiting. */
async function takenBackAfterCollections(preparation: string): Promise<string[]> {
  const script = `
    import { setFlagsFromString } from 'node:v8';
    import { setImmediate as turn } from 'node:timers/promises';
    import { keepTheShapeOfTicks } from ${JSON.stringify(MODULE)};
    ${preparation}
    const nothing = () => {};
    async function manyTicks() {
      for (let i = 0; i < 1000; i++) {
        for (let k = 0; k < 200; k++) process.nextTick(nothing);
        await turn();
      }
    }
    await manyTicks();
    setFlagsFromString('--trace-deopt');
    for (let i = 0; i < 5; i++) {
      await turn();
      gc();
    }
    await manyTicks();`;
  const args = ['--expose-gc', '--no-concurrent-recompilation', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes('nextTick'));
}

describe('process.nextTick', () => {
  it('stays as fast as it was after full collections, since a tick is kept', async () => {
    expect(await takenBackAfterCollections('keepTheShapeOfTicks();')).toEqual([]);
  });

  it('would not otherwise: should a later Node pass without, what keeps the tick can go', async () => {
    expect(await takenBackAfterCollections('')).not.toEqual([]);
  });
});
