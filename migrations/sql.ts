/** The one rule for ids and keys (printable ASCII, no blanks, at most 255), kept by the database too. Bytewise collation. */
export const identifier = (column: string): string =>
  `${column} text COLLATE "C" NOT NULL CHECK (${column} ~ '^[!-~]{1,255}$')`;

export const title = (column: string): string => `${column} text NOT NULL CHECK (char_length(${column}) BETWEEN 1 AND 255)`;

export const oneOf = (column: string, values: readonly string[]): string =>
  `${column} text NOT NULL CHECK (${column} IN (${values.map((value) => `'${value}'`).join(', ')}))`;

/**
 * A reference to a system role of the tenant's matrix or to a custom role of the tenant. The two generated columns let
 * each kind have a real foreign key; the one that does not apply is null and so not checked.
 */
export const roleReference = (table: string): string => `
  matrix_key text COLLATE "C" NOT NULL,
  role_key text COLLATE "C" NOT NULL,
  ${oneOf('role_kind', ['SYSTEM', 'CUSTOM'])},
  system_role text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN role_kind = 'SYSTEM' THEN role_key END) STORED,
  custom_role text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN role_kind = 'CUSTOM' THEN role_key END) STORED,
  CONSTRAINT ${table}_matrix FOREIGN KEY (tenant_id, matrix_key) REFERENCES tenants (id, matrix_key),
  CONSTRAINT ${table}_system_role FOREIGN KEY (matrix_key, system_role) REFERENCES matrix_roles (matrix_key, key),
  CONSTRAINT ${table}_custom_role FOREIGN KEY (tenant_id, custom_role) REFERENCES roles (tenant_id, key)`;
