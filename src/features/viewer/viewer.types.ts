import { ObjectType } from 'type-graphql';
import type { Principal } from '../../access/principal.js';

@ObjectType('Viewer', { description: 'The caller: who they are, where they belong, what they may do.' })
export class ViewerType {
  principal!: Principal;
}
