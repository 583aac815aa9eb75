/** Tables as a team would make them, beside Gatehouse's in the same database. A role without a tenant is there for all. */
export const TABLES = `
CREATE SCHEMA peer;
CREATE TABLE peer.tenants (id text PRIMARY KEY);
CREATE TABLE peer.departments (tenant_id text REFERENCES peer.tenants, id text, PRIMARY KEY (tenant_id, id));
CREATE TABLE peer.roles (id bigint PRIMARY KEY, tenant_id text REFERENCES peer.tenants, key text NOT NULL, UNIQUE NULLS NOT DISTINCT (tenant_id, key));
CREATE TABLE peer.role_permissions (role_id bigint REFERENCES peer.roles, permission text, PRIMARY KEY (role_id, permission));
CREATE TABLE peer.memberships (tenant_id text REFERENCES peer.tenants, user_id text, role_id bigint NOT NULL REFERENCES peer.roles, PRIMARY KEY (tenant_id, user_id));
CREATE TABLE peer.overrides (
  tenant_id text, user_id text, department_id text, role_id bigint NOT NULL REFERENCES peer.roles,
  PRIMARY KEY (tenant_id, user_id, department_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES peer.memberships,
  FOREIGN KEY (tenant_id, department_id) REFERENCES peer.departments
);`;

/** Whether a member may do something, from a row `asked` of tenant_id, user_id, permission and department_id. */
const ALLOWED = `
  (asked.department_id IS NULL OR EXISTS (SELECT FROM peer.departments d WHERE d.tenant_id = asked.tenant_id AND d.id = asked.department_id))
  AND EXISTS (
    SELECT FROM peer.memberships m
    LEFT JOIN peer.overrides o ON o.tenant_id = m.tenant_id AND o.user_id = m.user_id AND o.department_id = asked.department_id
    JOIN peer.role_permissions p ON p.role_id IN (m.role_id, o.role_id) AND p.permission = asked.permission
    WHERE m.tenant_id = asked.tenant_id AND m.user_id = asked.user_id
  )`;

export const CHECK = `SELECT ${ALLOWED} AS allowed FROM (SELECT $1::text AS tenant_id, $2::text AS user_id, $3::text AS permission, $4::text AS department_id) AS asked`;

/** All of a batch in one statement. */
export const CHECKS = `
  SELECT ${ALLOWED} AS allowed
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS asked (tenant_id, user_id, permission, department_id, place)
  ORDER BY place`;
