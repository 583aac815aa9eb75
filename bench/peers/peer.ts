import type { Question } from '../world/questions.js';
import type { ServerProcess } from '../servers/child.js';
import type { World } from '../world/world.js';

/** What a user would pick instead of Gatehouse, ready to be given the world. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** What it does otherwise than Gatehouse, so that nobody reads the figure for more than it is. */
  readonly differs: string;
  open(world: World): Promise<OpenPeer>;
}

export interface OpenPeer {
  /** At once, where the peer answers in process. */
  ask(question: Question): boolean | Promise<boolean>;
  /** In one request, where the peer has such a request. */
  readonly batch?: Batch;
  /** Where it answers over the network, so that its processor time can be read. */
  readonly server?: ServerProcess;
  close(): Promise<void>;
}

export interface Batch {
  /** How many questions a request holds, and whether all of them are about one member in one place. */
  readonly size: number;
  readonly about: 'anybody' | 'one member';
  ask(questions: readonly Question[]): Promise<boolean[]>;
}

/** `connectors.read` is the action `read` on a resource of the kind `connectors`. */
export function kindAndAction(permission: string): [kind: string, action: string] {
  const dot = permission.indexOf('.');
  return [permission.slice(0, dot), permission.slice(dot + 1)];
}

/** What a role may do, by the kind of resource. */
export function actionsByKind(permissions: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const byKind = new Map<string, string[]>();
  for (const permission of permissions) {
    const [kind, action] = kindAndAction(permission);
    const actions = byKind.get(kind);
    if (actions === undefined) byKind.set(kind, [action]);
    else actions.push(action);
  }
  return byKind;
}
