import type * as fc from 'fast-check';
import { Caller } from './caller.js';
import { type Deed, type Payload, pick, predict, type Ruling } from './deed.js';
import { expectLikeness } from './likeness.js';
import type { Model } from './model.js';
import { requireSound } from './soundness.js';
import type { Stage } from './stage.js';

export type Step = fc.AsyncCommand<Model, Stage>;

/** How often each outcome was met: `addMember changed`, `addMember idle`, `addMember ESCALATION`. */
export type Tally = Map<string, number>;

const STEPS_BETWEEN_LOOKS = 10;
/** Sign-ins end by themselves after eight hours, which is for another test to see. */
const LONGEST_RUN_MS = 7 * 60 * 60 * 1000;

/** A mutation by somebody: predicted, carried out, and held against what never breaks. */
export class Attempt implements Step {
  private told = 'nothing yet';

  /** The caller is a name of the model's, `#n` for the n-th key by then, or `!n` for whoever the n-th invitation is for. */
  constructor(
    private readonly caller: string,
    private readonly deed: Deed,
    private readonly tally: Tally,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, stage: Stage): Promise<void> {
    const caller = new Caller(model, callerIn(model, this.caller));
    this.told = `${caller.name} ${this.deed.mutation} ${JSON.stringify(this.deed.input(model))}`;
    const ruling = await this.carryOut(model, stage, caller);
    const actor = ruling === null || ruling.change === null || isOfPlatform(this.deed) ? null : (ruling.actor ?? caller.name);
    await requireSound(model, stage, actor);
    await lookNowAndThen(model, stage);
  }

  toString(): string {
    return this.told;
  }

  /** Null where the deed was rightly refused. */
  private async carryOut(model: Model, stage: Stage, caller: Caller): Promise<Ruling | null> {
    const predicted = predict(this.deed, model, caller);
    const { data, errors, text } = await stage.send(caller.name, this.deed, model);
    if (predicted.codes !== null) {
      const code = errors[0]?.extensions.code ?? 'none';
      this.count(code);
      if (errors.length === 1 && predicted.codes.has(code)) return null;
      throw new Error(`${this.told}: instead of ${[...predicted.codes].join(' or ')} the gateway answered ${text}`);
    }
    const payload = data?.[this.deed.mutation];
    if (payload == null) throw new Error(`${this.told}: instead of doing it the gateway answered ${text}`);
    this.requireWithinReach(model, caller, payload);
    const { ruling } = predicted;
    this.count(ruling.change === null ? 'idle' : 'changed');
    if (ruling.change !== null) await this.follow(model, stage, ruling, payload);
    if (payload.revision !== undefined && payload.revision !== String(model.progress.revision)) {
      throw new Error(`${this.told}: instead of revision ${model.progress.revision} the gateway answered ${text}`);
    }
    return ruling;
  }

  /** Nobody hands out more than they held right before. */
  private requireWithinReach(model: Model, caller: Caller, payload: Payload): void {
    const { gift } = this.deed;
    if (gift === undefined) return;
    const giver = gift.giver === undefined ? caller : new Caller(model, gift.giver(model));
    const given = gift.read(payload);
    if (gift.isBeyond(giver, given)) throw new Error(`${this.told}: ${giver.name} held less than ${given.join(', ')}`);
  }

  /** The model does as the gateway did: one event in one chain, and one more revision where that is the tenant's. */
  private async follow(model: Model, stage: Stage, { change, made }: Ruling, payload: Payload): Promise<void> {
    change!();
    const { progress } = model;
    if (isOfPlatform(this.deed)) progress.platformEvents += 1;
    else Object.assign(progress, { revision: progress.revision + 1, events: progress.events + 1 });
    if (made !== undefined) stage.learn(made, payload);
    if (this.deed.mutation === 'enableUser') await stage.signIn(String(this.deed.input(model)['userId']));
  }

  private count(outcome: string): void {
    const what = `${this.deed.mutation} ${outcome}`;
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }
}

/** Time passes: memberships, overrides, invitations and keys end, and nothing is written. */
export class Pass implements Step {
  constructor(private readonly minutes: number) {}

  check({ now, begun }: Model): boolean {
    return now - begun < LONGEST_RUN_MS;
  }

  async run(model: Model, stage: Stage): Promise<void> {
    const then = model.in(this.minutes);
    stage.test.clock.advance(then - model.now);
    model.now = then;
    await requireSound(model, stage, null);
    await lookNowAndThen(model, stage);
  }

  toString(): string {
    return `${this.minutes} minutes pass`;
  }
}

function callerIn(model: Model, drawn: string): string {
  const n = Number(drawn.slice(1));
  if (drawn.startsWith('#')) return pick(model.keys, n);
  if (drawn.startsWith('!')) return model.invitations[pick(model.invitations, n)]?.person ?? 'nobody';
  return drawn;
}

/** Events about people and the platform's keys are in the platform's chain. */
function isOfPlatform({ demands }: Deed): boolean {
  return demands === 'platform.users' || demands === 'platform.keys';
}

async function lookNowAndThen(model: Model, stage: Stage): Promise<void> {
  model.steps += 1;
  if (model.steps % STEPS_BETWEEN_LOOKS === 0) await expectLikeness(model, stage, model.steps);
}
