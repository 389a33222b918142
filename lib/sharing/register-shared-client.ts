import { concurrentUpdate } from '../authenticate-client.ts'
import { firstDue } from '../clean-up/due.ts'
import { reviveByUse } from '../clean-up/own-use.ts'
import type { RegisteredClient } from '../client.ts'
import {
  type ClientInformationResponse,
  clientInformationResponse,
} from '../client-information-response.ts'
import { creationError } from '../creation-error.ts'
import { OAuthError } from '../errors.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import type { PermittedMetadata } from '../permission/permit.ts'
import type { Consumable } from '../ports/consumable.ts'
import type { RegistrationMethod } from '../registration-source.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { storeNewClient } from '../store-new-client.ts'
import { generateReadOnlyToken } from '../tokens/read-only-token.ts'
import { countInstance } from './count-instance.ts'
import { withoutLoopbackPorts } from './loopback-ports.ts'
import { sharedClientId } from './shared-client-id.ts'

type Vouched = { readonly registration_method: RegistrationMethod; readonly signed: boolean }

/**
 * Whether a registration joins a shared client: nobody vouches for it, and it has no secret that its
 * instances would share (settings.sharing).
 */
export const isSharedRegistration = (
  metadata: ClientMetadata,
  { registration_method, signed }: Vouched,
  { sharing }: Settings,
): boolean =>
  sharing === 'public' &&
  registration_method === 'anonymous' &&
  !signed &&
  metadata.software_statement === undefined &&
  metadata.token_endpoint_auth_method === 'none'

type Registration = {
  readonly permitted: PermittedMetadata
  /** Consumed only by the registration that creates the client. */
  readonly consumables: readonly Consumable[]
  readonly write_id: Uint8Array
  /** Unix seconds. */
  readonly now: number
}

/**
 * RFC 7591 §3.2.1: "an authorization server MAY issue the same client identifier to multiple
 * instances of a registered client". The first registration creates the client, every other one
 * finds it, and revives it if it is stale. Each response shows the redirect URIs of its own request,
 * and has a token that only reads. With `approval`, a decision is about the client, for all its
 * instances. Throws OAuthError like `registerClient`, and `invalid_client_metadata` if the client is
 * disabled or rejected.
 */
export async function registerSharedClient(
  { permitted, consumables, write_id, now }: Registration,
  server: Server,
): Promise<ClientInformationResponse> {
  const { settings, keyRing, clients, issuer, annotate } = server
  const metadata = withoutLoopbackPorts(permitted.metadata)
  const client_id = sharedClientId(metadata, issuer)
  const isPending = settings.approval !== 'off'
  const found = await clients.find(client_id)
  const client =
    found ??
    (await createOrFind(
      {
        client_id,
        client_id_issued_at: now,
        metadata,
        version: 1,
        instances: 1,
        write_id,
        registration_method: 'anonymous',
        ...firstDue('anonymous', now, settings.cleanUp, isPending),
        ...(isPending && { disabled_at: now, pending_at: now }),
      },
      consumables,
      server,
    ))
  annotate({ client_id, shared: true })
  if (client.pending_at !== undefined) annotate({ pending: true })
  else if (client.disabled_at !== undefined)
    throw new OAuthError(
      'invalid_client_metadata',
      'the operator has disabled the client with these metadata',
    )
  if (client.stale_at !== undefined) await reviveByUse(client, now, server)
  const { issueRegistrationAccessToken } = permitted.policyResult
  const { registrationAccessToken } = settings
  const issues = issueRegistrationAccessToken ?? registrationAccessToken.issue
  const token = issues
    ? await generateReadOnlyToken(client, registrationAccessToken, keyRing, now)
    : undefined
  if (client.write_id !== write_id) await countInstance(client, server)
  return clientInformationResponse(
    { ...client, ...token?.stated, metadata: permitted.metadata },
    { client_secret: undefined, registration_access_token: token?.token },
    server,
    now,
  )
}

/** Attempts to create a client that others create and delete at the same time. */
const maxAttempts = 4

/** Of many registrations at once, one creates the client, and the others find it. */
async function createOrFind(
  client: RegisteredClient,
  consumables: readonly Consumable[],
  server: Server,
): Promise<RegisteredClient> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const created = await storeNewClient(client, undefined, consumables, server)
    if (created.outcome === 'created') return client
    const found = await server.clients.find(client.client_id)
    if (found !== undefined) return found
    if (created.outcome === 'consumed') throw creationError(created, client.client_id_issued_at)
  }
  throw concurrentUpdate()
}
