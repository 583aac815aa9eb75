import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('PermissionsChange', { description: 'One revision of a tenant, and whom it concerns.', simpleResolvers: true })
export class PermissionsChangeType {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => String, { description: "The tenant's revision, one up with every change. Pass the last one that was seen as `after` to go on from there." })
  revision!: string;

  @Field(() => Boolean, { description: "Whether the caller's own permissions in the tenant may differ since: for a key, those of the person whom it is bound to." })
  affectsViewer!: boolean;

  @Field(() => [ID], { nullable: true, description: "Whose permissions may differ; empty for nobody's, null where anybody's may. For whoever holds member.read." })
  userIds!: readonly string[] | null;
}
