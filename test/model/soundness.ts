import type { Model } from './model.js';
import type { Stage } from './stage.js';

interface Standing {
  readonly owners: number;
  readonly fitOwners: number;
  readonly admins: number;
  readonly globalRoles: number;
  readonly lastActor: string;
  readonly lastRevision: string;
}

/** What never breaks, asked of the tables themselves. `actor`: who brought about a new event in the tenant's log; null for none. */
export async function requireSound(model: Model, stage: Stage, actor: string | null): Promise<void> {
  const { revision, events, platformEvents } = await stage.progress();
  const faults = [
    ...differs('revision', revision, model.progress.revision),
    ...differs('audit events', events, model.progress.events),
    ...differs("the platform's audit events", platformEvents, model.progress.platformEvents),
  ];
  const standing = await readStanding(stage);
  if (model.tenant !== undefined) faults.push(...leadershipFaults(model, standing));
  if (actor !== null) {
    faults.push(...differs('actor of the last event', stage.nameOfActor(standing.lastActor), actor));
    faults.push(...differs('revision of the last event', Number(standing.lastRevision), revision));
  }
  if (faults.length > 0) throw new Error(faults.join('; '));
}

function leadershipFaults({ law }: Model, { owners, fitOwners, admins, globalRoles }: Standing): string[] {
  const wanted = law.matrix.ownerRole === null ? 0 : 1;
  return [
    ...differs('owners', owners, wanted),
    ...differs('owners who are active', fitOwners, wanted),
    ...(admins > 0 ? [] : ['no active, unexpiring admin is left']),
    ...differs('custom roles with a global permission', globalRoles, 0),
  ];
}

async function readStanding(stage: Stage): Promise<Standing> {
  const [standing] = await stage.sql<Standing>(
    `SELECT count(*) FILTER (WHERE is_owner)::int AS owners,
       count(*) FILTER (WHERE is_owner AND status = 'ACTIVE' AND enabled AND expires_at IS NULL)::int AS "fitOwners",
       count(*) FILTER (WHERE is_admin AND status = 'ACTIVE' AND enabled AND acts AND expires_at IS NULL AND customer_id IS NULL)::int AS admins,
       (SELECT count(*)::int FROM roles r JOIN tenants t ON t.id = r.tenant_id JOIN matrix_permissions p ON p.matrix_key = t.matrix_key
         WHERE r.tenant_id = $1 AND p.scope = 'GLOBAL' AND p.key = ANY (r.permissions)) AS "globalRoles",
       last.actor AS "lastActor", last.revision AS "lastRevision"
     FROM (SELECT * FROM audit_events WHERE tenant_id = $1 ORDER BY revision DESC LIMIT 1) last
     LEFT JOIN (SELECT m.*, u.status = 'ACTIVE' AS enabled, u.account_role <> 'VIEWER' AS acts FROM memberships m JOIN users u ON u.id = m.user_id) m ON m.tenant_id = last.tenant_id
     GROUP BY last.actor, last.revision`,
  );
  return standing!;
}

function differs(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what}: ${String(found)} instead of ${String(wanted)}`];
}
