import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { type MaybePromise, whenKnown } from '../../domain/maybe-promise.js';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import {
  CheckInput,
  CheckPermissionsInput,
  ConsistencyInput,
  DecisionType,
  EffectivePermissionsInput,
  EffectivePermissionsType,
  ExplanationType,
  PermissionsDecisionType,
  UsersWithPermissionInput,
} from './decisions.types.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import type { UserService } from '../users/users.service.js';
import { UserConnection } from '../users/users.types.js';
import type { AllowedUserService } from './allowed-users.service.js';
import type { DecisionService } from './decisions.service.js';
import { toEffectivePermissions } from './effective-permissions.js';
import { requireFewEnough, toCheck, toConsistency, toPlace, toQuestionOfAll } from './questions.js';

const consistencyArg = () => ConsistencyInput;
const optional = { nullable: true };

@Resolver()
export class DecisionResolver {
  constructor(
    private readonly decisions: DecisionService,
    private readonly allowedUsers: AllowedUserService,
    private readonly users: UserService,
  ) {}

  @Query(() => DecisionType, { nullable: true, description: 'May this user do this, here, now?' })
  check(
    @Arg('input', () => CheckInput) input: CheckInput,
    @Arg('consistency', consistencyArg, optional) consistency: ConsistencyInput | null,
    @Ctx() context: RequestContext,
  ): MaybePromise<DecisionType> {
    const caller = requireCaller(context);
    return this.decisions.check(caller, toCheck(input, undefined, caller), toConsistency(consistency));
  }

  @Query(() => [DecisionType], {
    nullable: true,
    description: 'Up to 1,000 checks, answered in the order asked; all that name one tenant are answered at one revision of it.',
  })
  checks(
    @Arg('inputs', () => [CheckInput]) inputs: CheckInput[],
    @Arg('consistency', consistencyArg, optional) consistency: ConsistencyInput | null,
    @Ctx() context: RequestContext,
  ): MaybePromise<DecisionType[]> {
    requireFewEnough('inputs', inputs);
    const caller = requireCaller(context);
    const asked = inputs.map((input, i) => toCheck(input, () => `inputs.${i}`, caller));
    return this.decisions.checks(caller, asked, toConsistency(consistency));
  }

  @Query(() => PermissionsDecisionType, {
    nullable: true,
    description: 'Many permissions of one user in one place, the cheapest way to ask: `allowed[i]` answers `permissions[i]`. Up to 1,000.',
  })
  checkPermissions(
    @Arg('input', () => CheckPermissionsInput) input: CheckPermissionsInput,
    @Arg('consistency', consistencyArg, optional) consistency: ConsistencyInput | null,
    @Ctx() context: RequestContext,
  ): MaybePromise<PermissionsDecisionType> {
    requireFewEnough('input.permissions', input.permissions);
    const caller = requireCaller(context);
    return this.decisions.checkPermissions(caller, toPlace(input, undefined, caller), input.permissions, toConsistency(consistency));
  }

  @Query(() => EffectivePermissionsType, { nullable: true, description: 'Everything a user may do in one place.' })
  effectivePermissions(
    @Arg('input', () => EffectivePermissionsInput) input: EffectivePermissionsInput,
    @Arg('consistency', consistencyArg, optional) consistency: ConsistencyInput | null,
    @Ctx() context: RequestContext,
  ): MaybePromise<EffectivePermissionsType> {
    const caller = requireCaller(context);
    return whenKnown(this.decisions.reach(caller, toPlace(input, undefined, caller), toConsistency(consistency)), toEffectivePermissions);
  }

  @Query(() => ExplanationType, { nullable: true, description: 'The same decision as `check`, with each step that led to it.' })
  explain(
    @Arg('input', () => CheckInput) input: CheckInput,
    @Arg('consistency', consistencyArg, optional) consistency: ConsistencyInput | null,
    @Ctx() context: RequestContext,
  ): MaybePromise<ExplanationType> {
    const caller = requireCaller(context);
    const explained = this.decisions.explain(caller, toCheck(input, undefined, caller), toConsistency(consistency));
    return whenKnown(explained, ({ decision, steps, revision }) => ({ decision: { ...decision, revision }, steps: [...steps] }));
  }

  @Query(() => UserConnection, { nullable: true, description: 'Who may do this here? By id; exactly those whom `check` would allow.' })
  async usersWithPermission(
    @Arg('input', () => UsersWithPermissionInput) input: UsersWithPermissionInput,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    const question = toQuestionOfAll(input);
    const { tenantId, permission, departmentId, customerId, surface } = question;
    const list = ['users-with-permission', tenantId, permission, departmentId, customerId, surface];
    const page = await this.allowedUsers.list(question, toPageRequest(list, { first, after }));
    const users = await Promise.all(page.items.map((userId) => loaders.load(this.users.findAll, userId)));
    const known = { ...page, items: users.filter((user) => user !== null) };
    return connectionOf(list, known, (user) => user.id, (user) => user);
  }
}
