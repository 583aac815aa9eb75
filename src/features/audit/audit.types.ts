import { Field, ID, ObjectType } from 'type-graphql';
import { connectionType } from '../../graphql/connection.types.js';
import { DateTime } from '../../graphql/scalars.js';

@ObjectType('AuditEvent', { simpleResolvers: true })
export class AuditEventType {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  revision!: string;

  @Field(() => DateTime)
  at!: number;

  @Field(() => String, { description: 'User id or `key:<api key id>`.' })
  actor!: string;

  @Field(() => String, { description: 'For example `membership.role-changed`.' })
  action!: string;

  @Field(() => String)
  target!: string;

  @Field(() => String, { nullable: true, description: 'What changed, as JSON text: {before, after}.' })
  change!: string | null;

  @Field(() => String, { description: 'SHA-256 over this event and the hash of the event before it.' })
  hash!: string;
}

export const AuditEventConnection = connectionType('AuditEvent', () => AuditEventType);
