import { usesSecretAsKey } from '../client.ts'
import { symmetricUses } from '../metadata/checks/algorithms.ts'
import {
  type ActiveClient,
  activeClient,
  type ClientItem,
  currentTime,
} from '../read/active-client.ts'
import { identityOf } from '../read/client.ts'
import { previousDigests, revealClientSecret } from '../read/client-secret.ts'
import type { KeyRing } from '../tokens/key-ring.ts'
import { secretKeyId } from '../tokens/secret-jwe.ts'
import { digestPlaceholder } from './digest-placeholder.ts'

/** Resolves to the key rings; reads them again if all lack this key. */
export type KeyRingsWith = (kid: string) => Promise<readonly KeyRing[]>

/**
 * What oidc-provider loads a client from: its metadata as registered, so that the provider applies
 * its own defaults (`clientDefaults`). Undefined like `clientOf`. Rejects with an Error if the
 * client needs its secret in plaintext and it cannot be had.
 */
export async function clientPayload(item: ClientItem | undefined, keyRings?: KeyRingsWith) {
  const client = activeClient(item, currentTime())
  if (item === undefined || client === undefined) return undefined
  const client_secret = await clientSecret(item, client, keyRings)
  return {
    ...client.metadata,
    ...identityOf(client),
    ...(client_secret !== undefined && { client_secret }),
  }
}

async function clientSecret(
  item: ClientItem,
  client: ActiveClient,
  keyRings: KeyRingsWith | undefined,
): Promise<string | undefined> {
  const { client_id, metadata, secret_digest, secret_jwe } = client
  if (secret_digest === undefined) return undefined
  // Of an expired secret too: the provider rejects it by client_secret_expires_at.
  const placeholder = digestPlaceholder([secret_digest, ...previousDigests(client, currentTime())])
  if (!usesSecretAsKey(metadata)) return placeholder
  const [use = 'client_secret_jwt'] = symmetricUses(metadata)
  const needed = `client ${client_id} uses its secret as a key (${use})`
  if (secret_jwe === undefined) throw new Error(`${needed}, but only its digest is stored`)
  if (keyRings === undefined) throw new Error(`${needed}, but no keyRing is configured`)
  const rings = await keyRings(secretKeyId(secret_jwe))
  // An expired secret is not revealed.
  return revealClientSecret(item, rings) ?? placeholder
}
