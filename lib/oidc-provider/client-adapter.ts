import { type DocumentReader, findClient } from '../read/find-client.ts'
import { cachedKeyRings } from './cached-key-rings.ts'
import { clientPayload } from './client-payload.ts'

export type RegisteredClientsOptions = {
  /** `DynamoDBDocument.from(client)` of `@aws-sdk/lib-dynamodb`. It needs `dynamodb:GetItem`. */
  readonly documents: DocumentReader
  readonly tableName: string
  /**
   * Reads the value of the client secret key ring. Secrets issued before version 0.2.0 need the key
   * ring, too: a list of both values. Only clients that use their secret as a key need it:
   * `client_secret_jwt`, and algorithms such as HS256, A128KW and dir in their metadata.
   */
  readonly keyRing?: () => Promise<string | readonly string[]>
}

/**
 * oidc-provider's adapter for its model `Client`. Each `find` is one strongly consistent read, so
 * that a client that was disabled, deleted or changed is never served from a cache.
 */
export function clientAdapter({ documents, tableName, keyRing }: RegisteredClientsOptions) {
  const keyRingsWith = keyRing && cachedKeyRings(keyRing)
  return {
    find: async (client_id: string) =>
      clientPayload(await findClient(documents, tableName, client_id), keyRingsWith),
    upsert: readOnly,
    destroy: readOnly,
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
