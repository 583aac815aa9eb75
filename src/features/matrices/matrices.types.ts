import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { PermissionAccess, PermissionScope, RoleKind, RoleSurface } from '../../domain/matrix.js';
import { PermissionAccessEnum, PermissionScopeEnum, RoleKindEnum, RoleSurfaceEnum } from '../../graphql/enums.js';

@ObjectType('Permission', { simpleResolvers: true })
export class PermissionType {
  @Field(() => ID)
  key!: string;

  @Field(() => String)
  title!: string;

  @Field(() => String)
  category!: string;

  @Field(() => PermissionAccessEnum)
  access!: PermissionAccess;

  @Field(() => PermissionScopeEnum)
  scope!: PermissionScope;
}

@ObjectType('PermissionCategory', { simpleResolvers: true })
export class PermissionCategoryType {
  @Field(() => ID)
  key!: string;

  @Field(() => String)
  title!: string;

  @Field(() => Int)
  permissionCount!: number;

  @Field(() => [PermissionType])
  permissions!: readonly PermissionType[];
}

@ObjectType('Role', { description: 'Named by its key, unique within a tenant over system and custom roles together.', simpleResolvers: true })
export class RoleType {
  @Field(() => ID)
  key!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => RoleKindEnum)
  kind!: RoleKind;

  @Field(() => RoleSurfaceEnum)
  surface!: RoleSurface;

  @Field(() => [String], { description: 'Sorted permission keys.' })
  permissions!: readonly string[];

  @Field(() => Int)
  permissionCount!: number;

  @Field(() => String, { nullable: true, description: 'Custom roles: the role this one was duplicated from.' })
  duplicatedFrom!: string | null;
}

@ObjectType('RoleCategoryCount', { simpleResolvers: true })
export class RoleCategoryCountType {
  @Field(() => String)
  role!: string;

  @Field(() => String)
  category!: string;

  @Field(() => Int)
  count!: number;
}

@ObjectType('RoleMatrix', { description: "A product's permissions by category, its system roles and what each may do.", simpleResolvers: true })
export class RoleMatrixType {
  @Field(() => ID)
  key!: string;

  @Field(() => String)
  title!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => [PermissionCategoryType])
  categories!: readonly PermissionCategoryType[];

  @Field(() => [RoleType])
  roles!: readonly RoleType[];

  @Field(() => [RoleCategoryCountType], { description: 'How many permissions of each category each system role holds.' })
  counts!: readonly RoleCategoryCountType[];
}
