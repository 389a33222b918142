import type { ClientMetadata } from './metadata/client-metadata.ts'
import { aliasedScopes } from './permission/aliases.ts'
import { type ClientRegistrationRequest, permitRegistration } from './register-client.ts'
import type { Server } from './server.ts'

/** The client information response without what only a registered client has. */
export type RegistrationPreview = ClientMetadata & {
  /** With settings.aliases: `scope` as a list. */
  readonly scopes?: readonly string[]
}

/**
 * (Ours) what a request would register. It stores and consumes nothing, so it does not see a limit
 * that is reached, or a JWT that has been used. Throws the OAuthErrors of `registerClient`.
 */
export async function previewRegistration(
  request: Omit<ClientRegistrationRequest, 'replay' | 'idempotent'>,
  server: Server,
): Promise<RegistrationPreview> {
  server.annotate({ dry_run: true })
  const { permitted } = await permitRegistration(request, undefined, server)
  const { metadata } = permitted
  return { ...metadata, ...aliasedScopes(metadata.scope, server.settings) }
}
