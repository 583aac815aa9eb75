import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { UserStatus } from '../../domain/facts.js';
import type { AccountRole } from '../../domain/matrix.js';
import { connectionType } from '../../graphql/connection.types.js';
import { AccountRoleEnum, UserStatusEnum } from '../../graphql/enums.js';

@ObjectType('User', { simpleResolvers: true })
export class UserType {
  @Field(() => ID, { description: "As the identity provider's `sub`, where one is connected." })
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Names one person, whatever the case of its letters.' })
  email!: string | null;

  @Field(() => AccountRoleEnum)
  accountRole!: AccountRole;

  @Field(() => UserStatusEnum)
  status!: UserStatus;
}

export const UserConnection = connectionType('User', () => UserType);

@ObjectType('UserPayload', { simpleResolvers: true })
export class UserPayload {
  @Field(() => UserType)
  user!: UserType;
}

@InputType('UserInput')
export class UserInput {
  @Field(() => ID)
  userId!: string;
}

@InputType('CreateUserInput')
export class CreateUserInput {
  @Field(() => ID, { nullable: true, description: 'Chosen by the caller, or else made by the gateway.' })
  id?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => AccountRoleEnum, { nullable: true, defaultValue: 'MEMBER', description: 'OWNER is given only by an account OWNER.' })
  accountRole?: AccountRole | null;
}

@InputType('UpdateUserInput')
export class UpdateUserInput extends UserInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Changed by whoever holds `platform.users`; people change no address, not even their own.' })
  email?: string | null;
}

@InputType('SetAccountRoleInput')
export class SetAccountRoleInput extends UserInput {
  @Field(() => AccountRoleEnum)
  accountRole!: AccountRole;
}
