/** What a field of the gateway's own schema may demand of its caller inside a tenant. */
export const WORKSPACE_CAPABILITIES = [
  'decision.read',
  'tenant.read',
  'tenant.update',
  'tenant.delete',
  'tenant.transfer',
  'role.read',
  'role.manage',
  'member.read',
  'member.manage',
  'department.read',
  'department.manage',
  'customer.read',
  'customer.manage',
  'apiKey.manage',
  'audit.read',
] as const;

/** What a field may demand of its caller on the platform, above all tenants. */
export const PLATFORM_CAPABILITIES = ['platform.tenants', 'platform.users', 'platform.keys'] as const;

export type WorkspaceCapability = (typeof WORKSPACE_CAPABILITIES)[number];
export type PlatformCapability = (typeof PLATFORM_CAPABILITIES)[number];
export type Capability = WorkspaceCapability | PlatformCapability;

/** The owner's alone: no permission of a matrix grants them, and a matrix need not map them. */
export const RESERVED_CAPABILITIES: ReadonlySet<WorkspaceCapability> = new Set(['tenant.delete', 'tenant.transfer']);

const workspace: ReadonlySet<string> = new Set(WORKSPACE_CAPABILITIES);
const platform: ReadonlySet<string> = new Set(PLATFORM_CAPABILITIES);

export function isWorkspaceCapability(name: string): name is WorkspaceCapability {
  return workspace.has(name);
}

export function isPlatformCapability(name: string): name is PlatformCapability {
  return platform.has(name);
}

export function isCapability(name: string): name is Capability {
  return isWorkspaceCapability(name) || isPlatformCapability(name);
}
