import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import type { BootstrapService } from '../platform/bootstrap.service.js';
import type { SignInService } from './sign-ins.service.js';
import { UserInput } from '../users/users.types.js';
import type { PasswordResetService } from './password-resets.service.js';
import { BootstrapInput, ResetPasswordPayload, SetPasswordInput, SignInInput, SignInPayload } from './sign-ins.types.js';

@Resolver(() => SignInPayload)
export class SignInResolver {
  constructor(
    private readonly signIns: SignInService,
    private readonly resets: PasswordResetService,
    private readonly bootstraps: BootstrapService,
  ) {}

  @Mutation(() => SignInPayload, { nullable: true, description: 'Local accounts, for where no identity provider is connected.' })
  signIn(@Arg('input', () => SignInInput) { email, password }: SignInInput, @Ctx() { address }: RequestContext): Promise<SignInPayload> {
    return this.signIns.signIn(email, password, address);
  }

  @Mutation(() => ResetPasswordPayload, {
    nullable: true,
    description:
      "A one-time secret with which the user sets a new password within 24 hours, as long as whoever made it might still make it; ends the old password and the user's sign-ins at once. "
      + 'By account OWNERs and the root key; by admins of all tenants to which the user belongs who hold all that the user holds there, where the user has no account role above MEMBER '
      + 'and owns no tenant; by platform keys with `platform.users`, which for a member need `member.manage` too. FORBIDDEN for anybody else.',
  })
  resetPassword(@Arg('input', () => UserInput) { userId }: UserInput, @Ctx() context: RequestContext): Promise<ResetPasswordPayload> {
    return this.resets.reset(requireCaller(context), userId);
  }

  @Mutation(() => SignInPayload, {
    nullable: true,
    description: "With a secret from resetPassword, which it uses up; ends the user's other sign-ins. UNAUTHENTICATED where the secret does not count, or no longer.",
  })
  setPassword(@Arg('input', () => SetPasswordInput) { secret, password }: SetPasswordInput, @Ctx() { address }: RequestContext): Promise<SignInPayload> {
    return this.signIns.setPassword(secret, password, address);
  }

  @Mutation(() => SignInPayload, { nullable: true, description: 'Makes the first account OWNER, with the secret printed at the first start.' })
  bootstrap(@Arg('input', () => BootstrapInput) input: BootstrapInput, @Ctx() { address }: RequestContext): Promise<SignInPayload> {
    return this.bootstraps.makeFirstOwner({ ...input, id: input.id ?? null }, address);
  }
}
