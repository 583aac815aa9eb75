import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { requireCaller } from '../../graphql/caller.js';
import type { RequestContext } from '../../graphql/context.js';
import { connectionOf, toPageRequest } from '../../graphql/pages.js';
import { TenantType } from '../tenants/tenants.types.js';
import type { ApiKeyService } from './api-keys.service.js';
import { ApiKeyConnection, ApiKeyInput, ApiKeyPayload, CreateApiKeyInput } from './api-keys.types.js';

const optional = { nullable: true };

@Resolver(() => TenantType)
export class ApiKeyResolver {
  constructor(private readonly keys: ApiKeyService) {}

  @FieldResolver(() => ApiKeyConnection, { nullable: true, description: 'By id, revoked ones too. For whoever holds apiKey.manage.' })
  async apiKeys(
    @Root() tenant: TenantType,
    @Arg('first', () => Int, optional) first: number | null,
    @Arg('after', () => String, optional) after: string | null,
    @Ctx() { loaders }: RequestContext,
  ) {
    const list = ['api-keys', tenant.id];
    const request = toPageRequest(list, { first, after });
    const page = await loaders.load(this.keys.listPages, { parentId: tenant.id, request, filter: null });
    return connectionOf(list, page, (key) => key.id, (key) => key);
  }

  @Mutation(() => ApiKeyPayload, { nullable: true })
  async createApiKey(@Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput, @Ctx() context: RequestContext): Promise<ApiKeyPayload> {
    const { tenantId = null, name, capabilities, expiresAt = null } = input;
    return this.keys.create(requireCaller(context), { tenantId, name, capabilities, expiresAt });
  }

  @Mutation(() => ApiKeyPayload, { nullable: true, description: 'Ends the key at once, and with it the keys that it made.' })
  async revokeApiKey(@Arg('input', () => ApiKeyInput) input: ApiKeyInput, @Ctx() context: RequestContext): Promise<ApiKeyPayload> {
    return { apiKey: await this.keys.revoke(requireCaller(context), input.tenantId ?? null, input.id), secret: null };
  }
}
