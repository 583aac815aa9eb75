import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { RoleType } from '../matrices/matrices.types.js';

@ObjectType('RolePayload', { simpleResolvers: true })
export class RolePayload {
  @Field(() => RoleType)
  role!: RoleType;

  @Field(() => String)
  revision!: string;
}

@InputType('CreateRoleInput')
export class CreateRoleInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { description: 'Unique over the system and custom roles of the tenant.' })
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [String], { description: 'Keys of workspace permissions, each once, of which the caller holds each.' })
  permissions!: string[];
}

@InputType('DuplicateRoleInput')
export class DuplicateRoleInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  sourceRole!: string;

  @Field(() => ID)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [String], { nullable: true })
  add?: string[] | null;

  @Field(() => [String], { nullable: true })
  remove?: string[] | null;
}

@InputType('UpdateRoleInput')
export class UpdateRoleInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  role!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [String], { nullable: true })
  permissions?: string[] | null;
}

@InputType('DeleteRoleInput')
export class DeleteRoleInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  role!: string;

  @Field(() => ID, { nullable: true, description: 'Where the holders of the role move to.' })
  replacementRole?: string | null;
}
