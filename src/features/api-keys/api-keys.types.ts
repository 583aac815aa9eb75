import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType } from '../../graphql/connection.types.js';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType('ApiKey', { simpleResolvers: true })
export class ApiKeyType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [String])
  capabilities!: readonly string[];

  @Field(() => DateTime)
  createdAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'To within about a minute.' })
  lastUsedAt!: number | null;

  @Field(() => DateTime, { nullable: true })
  expiresAt!: number | null;

  @Field(() => DateTime, { nullable: true })
  revokedAt!: number | null;
}

export const ApiKeyConnection = connectionType('ApiKey', () => ApiKeyType);

@ObjectType('ApiKeyPayload', { description: '`secret` is shown once, on creation, and only its hash is kept.', simpleResolvers: true })
export class ApiKeyPayload {
  @Field(() => ApiKeyType)
  apiKey!: ApiKeyType;

  @Field(() => String, { nullable: true, description: 'The whole credential, to be sent as a Bearer token.' })
  secret!: string | null;
}

@InputType('ApiKeyInput')
export class ApiKeyInput {
  @Field(() => ID, { nullable: true })
  tenantId?: string | null;

  @Field(() => ID)
  id!: string;
}

@InputType('CreateApiKeyInput', { description: 'Without a tenant, a platform key, which only a platform owner can make.' })
export class CreateApiKeyInput {
  @Field(() => ID, { nullable: true })
  tenantId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => [String], { description: 'Such as `decision.read`, each once; none that the maker does not hold.' })
  capabilities!: string[];

  @Field(() => DateTime, { nullable: true, description: 'Of a key that a key makes: no later than that one, with which it ends.' })
  expiresAt?: Date | null;
}
