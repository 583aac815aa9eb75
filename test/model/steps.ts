import type * as fc from 'fast-check';
import type { Aim } from './aims.js';
import { Caller } from './caller.js';
import { type Deed, type Payload, predict, type Ruling } from './deed.js';
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

  constructor(
    private readonly caller: Aim<string>,
    private readonly deed: Aim<Deed>,
    private readonly tally: Tally,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, stage: Stage): Promise<void> {
    const caller = new Caller(model, this.caller(model));
    const deed = this.deed(model);
    this.told = `${caller.name} ${deed.mutation} ${JSON.stringify(deed.input(model))}`;
    const ruling = await this.carryOut(deed, model, stage, caller);
    const actor = ruling === null || ruling.change === null || isOfPlatform(deed) ? null : (ruling.actor ?? caller.name);
    await requireSound(model, stage, actor);
    await lookNowAndThen(model, stage);
  }

  toString(): string {
    return this.told;
  }

  /** Null where the deed was rightly refused. */
  private async carryOut(deed: Deed, model: Model, stage: Stage, caller: Caller): Promise<Ruling | null> {
    const predicted = predict(deed, model, caller);
    const { data, errors, text } = await stage.send(caller.name, deed, model);
    if (predicted.codes !== null) {
      const code = errors[0]?.extensions.code ?? 'none';
      this.count(deed, code);
      if (errors.length === 1 && predicted.codes.has(code)) return null;
      throw new Error(`${this.told}: instead of ${[...predicted.codes].join(' or ')} the gateway answered ${text}`);
    }
    const payload = data?.[deed.mutation];
    if (payload == null) throw new Error(`${this.told}: instead of doing it the gateway answered ${text}`);
    this.requireWithinReach(deed, model, caller, payload);
    const { ruling } = predicted;
    this.count(deed, ruling.change === null ? 'idle' : 'changed');
    if (ruling.change !== null) await follow(deed, model, stage, ruling, payload);
    if (payload.revision !== undefined && payload.revision !== String(model.progress.revision)) {
      throw new Error(`${this.told}: instead of revision ${model.progress.revision} the gateway answered ${text}`);
    }
    return ruling;
  }

  /** Nobody hands out more than they held right before. */
  private requireWithinReach({ gift }: Deed, model: Model, caller: Caller, payload: Payload): void {
    if (gift === undefined) return;
    const giver = gift.giver === undefined ? caller : new Caller(model, gift.giver(model));
    const given = gift.read(payload);
    if (gift.isBeyond(giver, given)) throw new Error(`${this.told}: ${giver.name} held less than ${given.join(', ')}`);
  }

  private count({ mutation }: Deed, outcome: string): void {
    const what = `${mutation} ${outcome}`;
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

/** The model does as the gateway did: one event in one chain, and one more revision where that is the tenant's. */
async function follow(deed: Deed, model: Model, stage: Stage, { change, made }: Ruling, payload: Payload): Promise<void> {
  change!();
  const { progress } = model;
  if (isOfPlatform(deed)) progress.platformEvents += 1;
  else Object.assign(progress, { revision: progress.revision + 1, events: progress.events + 1 });
  if (made !== undefined) stage.learn(made, payload);
  const person = String(deed.input(model)['userId']);
  if (deed.mutation === 'enableUser' || (deed.mutation === 'removeMember' && endsSignIns(person, model))) await stage.signIn(person);
}

/** Of somebody who belongs nowhere else: an account OWNER belongs everywhere, and a disabled user has no sign-ins any more. */
function endsSignIns(person: string, model: Model): boolean {
  const { accountRole, status } = model.user(person);
  return accountRole !== 'OWNER' && status === 'ACTIVE';
}

/** Events about people and the platform's keys are in the platform's chain. */
function isOfPlatform({ demands }: Deed): boolean {
  return demands === 'platform.users' || demands === 'platform.keys';
}

async function lookNowAndThen(model: Model, stage: Stage): Promise<void> {
  model.steps += 1;
  if (model.steps % STEPS_BETWEEN_LOOKS === 0) await expectLikeness(model, stage, model.steps);
}
