import type { ClientItem } from '../read/active-client.ts'
import { findClient } from '../read/find-client.ts'
import { type DocumentUpdater, recordUse } from '../read/record-use.ts'
import { cachedKeyRings } from './cached-key-rings.ts'
import { clientPayload } from './client-payload.ts'

export type RegisteredClientsOptions = {
  /**
   * `DynamoDBDocument.from(client)` of `@aws-sdk/lib-dynamodb`. It needs `dynamodb:GetItem` and, to
   * record use, `dynamodb:UpdateItem`.
   */
  readonly documents: DocumentUpdater
  readonly tableName: string
  /**
   * Reads the value of the client secret key ring. Secrets issued before version 0.2.0 need the key
   * ring, too: a list of both values. Only clients that use their secret as a key need it:
   * `client_secret_jwt`, and algorithms such as HS256, A128KW and dir in their metadata.
   */
  readonly keyRing?: () => Promise<string | readonly string[]>
  /**
   * Whether each lookup of a client is recorded as a use, at most once per client and UTC day, and
   * revives a stale client before it is returned. Default: true.
   */
  readonly recordsUse?: boolean
  /** Called when a use cannot be recorded. The client is then returned as it was read. */
  readonly onUseError?: (error: unknown) => void
}

/**
 * oidc-provider's adapter for its model `Client`. Each `find` is one strongly consistent read, so
 * that a client that was disabled, deleted or changed is never served from a cache.
 */
export function clientAdapter(options: RegisteredClientsOptions) {
  const { documents, tableName, keyRing, recordsUse = true } = options
  const keyRingsWith = keyRing && cachedKeyRings(keyRing)
  const used = recordsUse ? useRecorder(options) : async (item: ClientItem | undefined) => item
  return {
    find: async (client_id: string) =>
      clientPayload(await used(await findClient(documents, tableName, client_id)), keyRingsWith),
    upsert: readOnly,
    destroy: readOnly,
  }
}

const deniedRetryMs = 600_000

/**
 * Records a use of the client that was read, and resolves to the client as it is then. A failure
 * never fails the lookup. Without the permission, it is tried again only after ten minutes.
 */
function useRecorder({ documents, tableName, onUseError }: RegisteredClientsOptions) {
  let retryAt = 0
  return async (item: ClientItem | undefined) => {
    if (Date.now() < retryAt) return item
    try {
      return await recordUse(documents, tableName, item)
    } catch (error) {
      if (error instanceof Error && error.name === 'AccessDeniedException')
        retryAt = Date.now() + deniedRetryMs
      onUseError?.(error)
      return item
    }
  }
}

async function readOnly(): Promise<never> {
  throw new Error('oidc-provider only reads clients; the client registration service writes them')
}

type AdapterFactory<Adapter> = (model: string) => Adapter
type AdapterClass<Adapter> = new (model: string) => Adapter

/**
 * The setting `adapter` of oidc-provider: clients are those of the registry, and everything else
 * (sessions, grants, tokens) is stored by `other`. Call `verifySecretsByDigest` for the provider,
 * too.
 */
export function withRegisteredClients<Adapter extends object>(
  other: AdapterClass<Adapter> | AdapterFactory<Adapter>,
  options: RegisteredClientsOptions,
): AdapterFactory<Adapter> {
  // The provider calls no other method of an adapter for clients.
  const clients = clientAdapter(options) as object as Adapter
  return (model) => {
    if (model === 'Client') return clients
    return isClass(other) ? new other(model) : other(model)
  }
}

/** Decides like oidc-provider: an arrow function has no prototype. */
const isClass = <Adapter>(
  other: AdapterClass<Adapter> | AdapterFactory<Adapter>,
): other is AdapterClass<Adapter> => typeof other.prototype === 'object'
