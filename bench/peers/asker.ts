import { performance } from 'node:perf_hooks';
import { FASTN_FILE } from '../places.js';
import { readMatrixFile } from '../world/matrix-file.js';
import { Oracle } from '../world/oracle.js';
import { type Asked, askedOf } from '../world/questions.js';
import { makeWorld, STANDARD_SIZE, type World } from '../world/world.js';
import { type AskerOutcome, type AskerReady, type AskerRun, ODD_QUESTIONS } from './asker-messages.js';
import { loadPeer } from './entries.js';
import type { Batch, OpenPeer } from './peer.js';

// A process of its own for each peer, so that none disturbs another: `node asker.js PEER TENANTS QUESTIONS`, then one run a message.
const [key, tenants, questions] = process.argv.slice(2) as [string, string, string];
/** As many as connections elsewhere; in process they wait for nothing and only take turns. */
const LANES = 64;
/** The share that is about strangers and about what there is not, where answers count and time does not. */
const ODDITIES = 0.2;
/** So many questions are answered between two looks at the clock. */
const STRIDE = 64;

/** One way to ask, which says how many of its answers were wrong. */
interface Asking {
  readonly perRequest: number;
  /** How many there are; after the last comes the first again. */
  readonly count: number;
  readonly ask: (index: number) => number | Promise<number>;
}

const world = makeWorld(readMatrixFile(FASTN_FILE), { ...STANDARD_SIZE, tenants: Number(tenants) });
const oracle = new Oracle(world);

function singly(asked: readonly Asked[], open: OpenPeer): Asking {
  return {
    perRequest: 1,
    count: asked.length,
    ask: (index) => {
      const question = asked[index]!;
      const said = open.ask(question);
      const wrong = (allowed: boolean): number => (allowed === question.answer.allowed ? 0 : 1);
      return typeof said === 'boolean' ? wrong(said) : said.then(wrong);
    },
  };
}

function inBatches(asked: readonly Asked[], batch: Batch): Asking {
  const requests = batch.about === 'anybody' ? slices(asked, batch.size) : aboutOneMember(asked, world);
  return {
    perRequest: batch.size,
    count: requests.length,
    ask: async (index) => {
      const request = requests[index]!;
      const said = await batch.ask(request);
      return request.filter(({ answer }, place) => said[place] !== answer.allowed).length;
    },
  };
}

function slices(asked: readonly Asked[], size: number): Asked[][] {
  return Array.from({ length: Math.floor(asked.length / size) }, (_, index) => asked.slice(index * size, (index + 1) * size));
}

/** Every permission of the matrix for each member that the questions name. */
function aboutOneMember(asked: readonly Asked[], { matrix }: World): Asked[][] {
  return asked.map(({ tenantId, userId }) =>
    matrix.permissions.map((permission) => {
      const question = { tenantId, userId, permission, departmentId: null };
      return { ...question, answer: oracle.answer(question) };
    }),
  );
}

/** Until the time is over, or the number of requests is reached. */
async function run({ measuredMs, atMost }: AskerRun, asking: Asking, open: OpenPeer): Promise<AskerOutcome> {
  let next = 0;
  let wrong = 0;
  const serverBefore = open.server?.cpuSeconds() ?? null;
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  const goesOn = (): boolean => performance.now() - begun < measuredMs && next < atMost;
  const lane = async (): Promise<void> => {
    while (goesOn()) {
      for (let step = 0; step < STRIDE && next < atMost; step++) {
        const said = asking.ask(next++ % asking.count);
        if (typeof said === 'number') wrong += said;
        else {
          // Apart, since another lane may count while this one waits.
          const found = await said;
          wrong += found;
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const seconds = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const server = open.server?.cpuSeconds() ?? null;
  return {
    decisions: next * asking.perRequest,
    wrong,
    seconds,
    ownCpuSeconds: (cpu.user + cpu.system) / 1e6,
    serverCpuSeconds: server === null || serverBefore === null ? null : server - serverBefore,
  };
}

async function main(): Promise<void> {
  const peer = await loadPeer(key);
  const begun = performance.now();
  const open = await peer.open(world);
  const setUpSeconds = (performance.now() - begun) / 1000;
  const asked = askedOf(world, Number(questions));
  const ways = {
    single: singly(asked, open),
    batch: open.batch === undefined ? null : inBatches(asked, open.batch),
    odd: singly(askedOf(world, ODD_QUESTIONS, { oddities: ODDITIES }), open),
  };
  process.on('message', (wanted: AskerRun | 'close') => {
    if (wanted === 'close') void open.close().then(() => process.exit());
    else void run(wanted, ways[wanted.way]!, open).then((outcome) => process.send!(outcome));
  });
  process.once('disconnect', () => void open.close().then(() => process.exit()));
  const { name, version, differs } = peer;
  const ready: AskerReady = { name, version, differs, setUpSeconds, batch: open.batch === undefined ? null : { size: open.batch.size, about: open.batch.about } };
  process.send!(ready);
}

await main();
