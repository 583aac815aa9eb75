import { contestantOf } from '../bench.js';
import { driverOf, warmUp } from '../load/contest.js';
import { CONNECTIONS } from '../load/driver.js';
import type { GatewayProcess } from '../servers/gateway.js';
import { askedOf } from '../world/questions.js';
import type { World } from '../world/world.js';
import { QUESTIONS } from './check.js';
import { checkExchange } from './documents.js';
import { explained } from './figures.js';
import type { Scenario } from './scenario.js';

const QUESTIONS_PER_SECOND = 500;
const WRITES_PER_SECOND = 5;
const SAMPLE_SECONDS = 60;
const NEWCOMER = 'newcomer';

/** Mixed load for as long as `--seconds` says, 1% of it writes; one wrong answer or one refused write ends it. */
export const soak: Scenario = {
  name: 'soak',
  onlyNamed: true,
  async run(bench) {
    const served = await bench.standard();
    const { gateway, world } = served;
    const contestant = contestantOf(served, askedOf(world, QUESTIONS).map(checkExchange));
    const driver = await driverOf(contestant);
    await warmUp(driver, contestant);
    const writer = new Writer(gateway, world);
    await writer.begin();
    const memory: string[] = [];
    let [asked, longest] = [0, 0];
    for (let passed = 0; passed < bench.settings.seconds; passed += SAMPLE_SECONDS) {
      const run = { connections: CONNECTIONS, rate: QUESTIONS_PER_SECOND, warmUpMs: 0, measuredMs: SAMPLE_SECONDS * 1000, from: asked };
      const [outcome] = await Promise.all([driver.run(run), writer.writeFor(SAMPLE_SECONDS)]);
      asked += outcome.sent;
      longest = Math.max(longest, outcome.latency.p99);
      memory.push(gateway.residentMegabytes()?.toFixed(0) ?? '?');
      bench.say(`${asked} questions, ${writer.written} writes, p99 ${outcome.latency.p99.toFixed(2)} ms, ${memory.at(-1)} MB`);
    }
    await driver.close();
    return [
      explained('soak', `${asked} questions and ${writer.written} writes, none of them wrong or refused; the longest p99 of a minute ${longest.toFixed(2)} ms`),
      explained('soak: memory after each minute, in MB', memory.join(' ')),
    ];
  },
};

/** Changes tenants that are being asked about in ways that alter no answer: a member comes and goes, and so does a department. */
class Writer {
  written = 0;

  constructor(
    private readonly gateway: GatewayProcess,
    private readonly world: World,
  ) {}

  async begin(): Promise<void> {
    await this.gateway.ask('mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }', { input: { id: NEWCOMER, name: 'Newcomer' } });
  }

  async writeFor(seconds: number): Promise<void> {
    const begun = performance.now();
    for (let due = 0; due < seconds * WRITES_PER_SECOND; due++) {
      const wait = begun + (due * 1000) / WRITES_PER_SECOND - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await this.write();
      this.written += 1;
    }
  }

  private async write(): Promise<void> {
    const { tenants } = this.world;
    const tenantId = tenants[Math.floor(this.written / 4) % tenants.length]!.id;
    const changes = [
      ['addMember', 'AddMemberInput', { tenantId, userId: NEWCOMER, role: 'viewer' }],
      ['createDepartment', 'CreateDepartmentInput', { tenantId, id: NEWCOMER, name: 'Newcomers' }],
      ['removeMember', 'MemberInput', { tenantId, userId: NEWCOMER }],
      ['deleteDepartment', 'DepartmentInput', { tenantId, departmentId: NEWCOMER }],
    ] as const;
    const [mutation, type, input] = changes[this.written % changes.length]!;
    await this.gateway.ask(`mutation($input: ${type}!) { ${mutation}(input: $input) { revision } }`, { input });
  }
}
