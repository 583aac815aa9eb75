import { Arg, ID, Query, Resolver } from 'type-graphql';
import { requireIdentifier } from '../input.js';
import { RoleMatrixType } from './matrices.types.js';
import type { MatrixRegistry } from './matrix-registry.js';
import { toMatrixView } from './matrix-view.js';

@Resolver(() => RoleMatrixType)
export class MatrixResolver {
  constructor(private readonly matrices: MatrixRegistry) {}

  @Query(() => [RoleMatrixType], { nullable: true, description: 'The role matrices that tenants live under. For anybody signed in.' })
  roleMatrices(): RoleMatrixType[] {
    return this.matrices.list().map(toMatrixView);
  }

  @Query(() => RoleMatrixType, { nullable: true })
  roleMatrix(@Arg('key', () => ID) key: string): RoleMatrixType | null {
    const matrix = this.matrices.find(requireIdentifier('key', key));
    return matrix && toMatrixView(matrix);
  }
}
