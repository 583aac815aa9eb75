import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';
import { UserType } from '../users/users.types.js';

@ObjectType('SignInPayload', { simpleResolvers: true })
export class SignInPayload {
  @Field(() => String, { description: 'To be sent as a Bearer token.' })
  accessToken!: string;

  @Field(() => DateTime)
  expiresAt!: number;

  @Field(() => UserType)
  user!: UserType;
}

@ObjectType('ResetPasswordPayload', { simpleResolvers: true })
export class ResetPasswordPayload {
  @Field(() => String, { description: 'Shown once; `setPassword` takes it.' })
  secret!: string;

  @Field(() => DateTime)
  expiresAt!: number;
}

@InputType('SignInInput')
export class SignInInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;
}

@InputType('SetPasswordInput')
export class SetPasswordInput {
  @Field(() => String)
  secret!: string;

  @Field(() => String)
  password!: string;
}

@InputType('BootstrapInput')
export class BootstrapInput {
  @Field(() => String, { description: 'Printed at the first start on an empty database.' })
  secret!: string;

  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;
}
