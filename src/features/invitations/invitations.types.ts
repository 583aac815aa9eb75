import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType } from '../../graphql/connection.types.js';
import { InvitationStatusEnum } from '../../graphql/enums.js';
import { DateTime } from '../../graphql/scalars.js';
import type { RoleKind } from '../../domain/matrix.js';
import type { InvitationStatus } from './invitations.store.js';

@ObjectType('Invitation', { simpleResolvers: true })
export class InvitationType {
  tenantId!: string;
  matrixKey!: string;
  roleKey!: string;
  roleKind!: RoleKind;
  customerId!: string | null;

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  email!: string;

  @Field(() => InvitationStatusEnum)
  status!: InvitationStatus;

  @Field(() => DateTime)
  expiresAt!: number;
}

export const InvitationConnection = connectionType('Invitation', () => InvitationType);

@ObjectType('InvitationPayload', { description: '`secret` is shown once, here, and only its hash is kept.', simpleResolvers: true })
export class InvitationPayload {
  @Field(() => InvitationType)
  invitation!: InvitationType;

  @Field(() => String, { nullable: true })
  secret!: string | null;

  @Field(() => String)
  revision!: string;
}

@InputType('InvitationInput')
export class InvitationInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  invitationId!: string;
}

@InputType('InviteMemberInput')
export class InviteMemberInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => String)
  email!: string;

  @Field(() => ID)
  role!: string;

  @Field(() => ID, { nullable: true })
  customerId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the invitation ends; in seven days without it.' })
  expiresAt?: Date | null;
}

@InputType('AcceptInvitationInput')
export class AcceptInvitationInput {
  @Field(() => String)
  secret!: string;

  @Field(() => String, { nullable: true, description: 'For a person who has no account yet.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'For a person who has no account yet.' })
  password?: string | null;
}
