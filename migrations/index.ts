import { People1790000000001 } from './1790000000001-people.js';
import { Matrices1790000000002 } from './1790000000002-matrices.js';
import { Tenants1790000000003 } from './1790000000003-tenants.js';
import { RolesAndMemberships1790000000004 } from './1790000000004-roles-and-memberships.js';
import { InvitationsAndKeys1790000000005 } from './1790000000005-invitations-and-keys.js';
import { Audit1790000000006 } from './1790000000006-audit.js';
import { Boundaries1790000000007 } from './1790000000007-boundaries.js';
import { Idempotency1790000000008 } from './1790000000008-idempotency.js';
import { AuditHeads1790000000009 } from './1790000000009-audit-heads.js';
import { SignInAttempts1790000000010 } from './1790000000010-sign-in-attempts.js';
import { TenantLeaders1790000000011 } from './1790000000011-tenant-leaders.js';
import { Changes1790000000012 } from './1790000000012-changes.js';
import { SecretMakers1790000000013 } from './1790000000013-secret-makers.js';
import { OwnNames1790000000014 } from './1790000000014-own-names.js';

/** In the order in which they run. A migration is never edited once it has landed. */
export const MIGRATIONS = [
  People1790000000001,
  Matrices1790000000002,
  Tenants1790000000003,
  RolesAndMemberships1790000000004,
  InvitationsAndKeys1790000000005,
  Audit1790000000006,
  Boundaries1790000000007,
  Idempotency1790000000008,
  AuditHeads1790000000009,
  SignInAttempts1790000000010,
  TenantLeaders1790000000011,
  Changes1790000000012,
  SecretMakers1790000000013,
  OwnNames1790000000014,
];
