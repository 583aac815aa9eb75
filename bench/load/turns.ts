import type { ServerProcess } from '../servers/child.js';
import { CONNECTIONS, type Driver } from './driver.js';
import { known } from './statistics.js';

/** What a server did in its parts of a round. */
export interface Turn {
  readonly perSecond: number;
  readonly generatorCpu: number;
  readonly cpuMicroseconds: number | null;
  readonly serverCpu: number | null;
}

/** Before the counted parts, so that a server that was idle for the other's is at full speed again. */
const BETWEEN_MS = 200;

interface Part {
  readonly answered: number;
  readonly seconds: number;
  readonly generatorCpu: number;
  /** Of the server, with the seconds and the answers that it was used for: those before the counted part as well. */
  readonly cpu: { readonly used: number; readonly seconds: number; readonly answered: number } | null;
}

/** A server, and who asks it: with each part on from where the last one ended. */
export class Side {
  private asked = 0;

  constructor(
    private readonly driver: Driver,
    private readonly server: ServerProcess,
  ) {}

  async part(measuredMs: number): Promise<Part> {
    const before = this.server.cpuSeconds();
    const run = { connections: CONNECTIONS, rate: null, warmUpMs: BETWEEN_MS, measuredMs, from: this.asked };
    const { sent, answered, seconds, perSecond, generatorCpu } = await this.driver.run(run);
    const after = this.server.cpuSeconds();
    this.asked += sent;
    const wholeSeconds = seconds + BETWEEN_MS / 1000;
    const cpu = before === null || after === null ? null : { used: after - before, seconds: wholeSeconds, answered: perSecond * wholeSeconds };
    return { answered, seconds, generatorCpu, cpu };
  }
}

/** One round of two servers: part by part, and each first in every other one. */
export async function takeTurns(ours: Side, theirs: Side, parts: number, seconds: number): Promise<[Turn, Turn]> {
  const measuredMs = (seconds * 1000) / parts;
  const [ourParts, theirParts]: [Part[], Part[]] = [[], []];
  for (let i = 0; i < parts; i++) {
    if (i % 2 === 0) ourParts.push(await ours.part(measuredMs));
    theirParts.push(await theirs.part(measuredMs));
    if (i % 2 === 1) ourParts.push(await ours.part(measuredMs));
  }
  return [turnOf(ourParts), turnOf(theirParts)];
}

function turnOf(parts: readonly Part[]): Turn {
  const answered = sum(parts.map((part) => part.answered));
  // A ratio to nothing would pass for the best of all.
  if (answered === 0) throw new Error('a server answered nothing in its turn: give it more --seconds, or the machine for itself');
  const cpu = known(parts.map((part) => part.cpu));
  const used = cpu.length === 0 ? null : sum(cpu.map((part) => part.used));
  return {
    perSecond: answered / sum(parts.map((part) => part.seconds)),
    generatorCpu: sum(parts.map((part) => part.generatorCpu)) / parts.length,
    cpuMicroseconds: used && (used * 1e6) / sum(cpu.map((part) => part.answered)),
    serverCpu: used && used / sum(cpu.map((part) => part.seconds)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
