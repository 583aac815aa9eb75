import { contestantOf, type SharedBench } from '../bench.js';
import { withClient } from '../database/databases.js';
import type { Exchange } from '../load/job.js';
import { AT_ONCE, manyChecks, manyPermissions, REQUESTS } from '../scenarios/batches.js';
import { QUESTIONS } from '../scenarios/check.js';
import { checkExchange, exchange } from '../scenarios/documents.js';
import { LOAD_CORE } from '../servers/pinned.js';
import { type Asked, askedOf } from '../world/questions.js';
import type { World } from '../world/world.js';
import { seedTables, startApolloSql } from './apollo-sql.js';
import { AskerProcess } from './asker-process.js';
import { type Duel, duel } from './duel.js';
import type { Entry } from './entries.js';
import { noteOn, setUpOf } from './in-process.js';
import { versionOf, versionOfOurs } from './installed.js';
import { type Found, remarksOn, type Row } from './row.js';
import { AskerSide, DriverSide } from './side.js';

const SECRET = 'key-of-the-stack';
const STACK = 'Apollo Server, stock graphql-shield, SQL';

/** A server with a client of its own, beside the gateway over HTTP. */
export async function besideGateway(entry: Entry, bench: SharedBench): Promise<Found> {
  const gateway = await GatewaySides.of(bench);
  const asker = await AskerProcess.start(entry, LOAD_CORE);
  try {
    const { name, batch } = asker.ready;
    const note = await noteOn(asker, entry);
    const rows = [await row(name, 'one at a time, beside `check`', gateway.check(), new AskerSide(asker, 'single', entry.questions), bench)];
    if (batch !== null) {
      const asked = `${batch.size} of one member, beside \`checkPermissions\` with ${AT_ONCE}`;
      rows.push(await row(name, asked, gateway.checkPermissions(), new AskerSide(asker, 'batch', REQUESTS), bench));
    }
    return { rows, note };
  } finally {
    await asker.close();
  }
}

/** The stack that a team would write, on the same PostgreSQL. */
export async function besideApolloSql(bench: SharedBench): Promise<Found> {
  const { world, databaseUrl } = await bench.standard();
  const gateway = await GatewaySides.of(bench);
  const begun = performance.now();
  await seedTables(databaseUrl, world);
  const server = await startApolloSql(databaseUrl, SECRET);
  const setUp = setUpOf(world.tenants.length, (performance.now() - begun) / 1000);
  try {
    const contestant = { server, path: '/', headers: { authorization: `Bearer ${SECRET}` } };
    const single = await DriverSide.start({ ...contestant, exchanges: askedOf(world, QUESTIONS).map(stackCheck) }, 1);
    const batched = await DriverSide.start({ ...contestant, exchanges: batchesOf(world).map(stackChecks) }, AT_ONCE);
    const rows = [
      await row(STACK, 'one at a time, beside `check`', gateway.check(), single, bench),
      await row(STACK, `${AT_ONCE} at once, beside \`checks\` with ${AT_ONCE}`, gateway.checks(), batched, bench),
    ];
    return { rows, note: { name: STACK, version: await stackVersion(databaseUrl), differs: STACK_DIFFERS, setUp } };
  } finally {
    await server.stop();
  }
}

const STACK_DIFFERS =
  'What a team would write: `startStandaloneServer`, the shield as its readme has it, normalized tables, one prepared statement a request (a batch is one statement too). Each answer is read from the database, so it is always current, ' +
  'which Gatehouse is only when asked for `FULL`; PostgreSQL works beside it on whatever core is free, and its processor time is not in the figure. No reasons, limits on documents, metrics, log, audit, expiry or customers.';

/** The gateway's side of each comparison; the questions are made once. */
class GatewaySides {
  private constructor(
    private readonly start: (exchanges: readonly Exchange[], perRequest: number) => Promise<DriverSide>,
    private readonly world: World,
  ) {}

  static async of(bench: SharedBench): Promise<GatewaySides> {
    const served = await bench.standard();
    return new GatewaySides((exchanges, perRequest) => DriverSide.start(contestantOf(served, exchanges), perRequest), served.world);
  }

  check(): Promise<DriverSide> {
    return this.start(askedOf(this.world, QUESTIONS).map(checkExchange), 1);
  }

  checks(): Promise<DriverSide> {
    return this.start(manyChecks(this.world), AT_ONCE);
  }

  checkPermissions(): Promise<DriverSide> {
    return this.start(manyPermissions(this.world), AT_ONCE);
  }
}

async function row(peer: string, asked: string, ours: Promise<DriverSide>, theirs: AskerSide | DriverSide, bench: SharedBench): Promise<Row> {
  const ourSide = await ours;
  try {
    const found: Duel = await duel(ourSide, theirs, bench.settings);
    return { peer, asked, duel: found, remarks: remarksOn(found, peer) };
  } finally {
    await ourSide.close();
    if (theirs instanceof DriverSide) await theirs.close();
  }
}

function batchesOf(world: World): Asked[][] {
  const asked = askedOf(world, REQUESTS * AT_ONCE);
  return Array.from({ length: REQUESTS }, (_, index) => asked.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}

function stackCheck({ answer: { allowed }, ...input }: Asked): Exchange {
  return exchange('query Check($input: CheckInput!) { check(input: $input) { allowed } }', { input }, { check: { allowed } });
}

function stackChecks(asked: readonly Asked[]): Exchange {
  const inputs = asked.map(({ answer: _answer, ...input }) => input);
  return exchange('query Checks($inputs: [CheckInput!]!) { checks(inputs: $inputs) { allowed } }', { inputs }, { checks: asked.map(({ answer: { allowed } }) => ({ allowed })) });
}

async function stackVersion(databaseUrl: string): Promise<string> {
  const { rows } = await withClient(databaseUrl, (client) => client.query<{ server_version: string }>('SHOW server_version'));
  return `@apollo/server ${versionOf('@apollo/server')}, graphql-shield ${versionOf('graphql-shield')}, pg ${versionOfOurs('pg')}, PostgreSQL ${rows[0]!.server_version}`;
}
